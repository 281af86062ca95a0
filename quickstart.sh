#!/usr/bin/env bash
# The whole way in one command: installs the data set if it is missing, builds the client, trains on the 60,000 images of
# Fashion-MNIST, first the explicit solution, then by scaling sweeps from the same statistics, evaluates both on the 10,000, and
# writes a report of the refinement and pictures of what was learned before and after. The store (.explicit), the report and the pictures go to the current
# folder.
# Arguments are handed on to 'explicit train', e.g. ./quickstart.sh --set refine.average=1
set -euo pipefail

root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
name=fashion-sweeps

# shellcheck source=install-data.sh
source "$root/install-data.sh"

if ! command -v dotnet >/dev/null; then
    echo "quickstart.sh: there is no 'dotnet' on the path; install the .NET 10 SDK (https://dotnet.microsoft.com/download)" >&2
    exit 1
fi

if [[ " $*" != *data.train.* ]] && ! ensure_fashion_mnist; then
    cat >&2 <<'END'
quickstart.sh: the package dataset-fashion-mnist could not be installed, and /usr/share/datasets/fashion-mnist is missing.
Get the four files of Fashion-MNIST (https://github.com/zalandoresearch/fashion-mnist) and point at them:

  ./quickstart.sh --set data.train.images=/FOLDER/train-images-idx3-ubyte.gz --set data.train.labels=/FOLDER/train-labels-idx1-ubyte.gz \
                  --set data.test.images=/FOLDER/t10k-images-idx3-ubyte.gz --set data.test.labels=/FOLDER/t10k-labels-idx1-ubyte.gz
END
    exit 1
fi

echo "building the client ..." >&2
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
dotnet build "$root/Client" --configuration Release --verbosity quiet -nologo >&2
explicit=$root/Client/bin/Release/net10.0/explicit

specification=$root/examples/$name.yaml
"$explicit" train "$specification" "$@" --set name=fashion-explicit --set compact=null --set refine=null --set solve='{ k: 4, alpha: 0.01 }'
"$explicit" train "$specification" --report reports "$@"
"$explicit" models inspect fashion-explicit --output pictures/before
"$explicit" models inspect "$name" --output pictures/after
"$explicit" models compare fashion-explicit "$name"
echo
echo "pictures of what was learned: $PWD/pictures/before and $PWD/pictures/after"
echo "the report, for a browser: $PWD/reports"
