#!/bin/sh
# Our dense statistics against scikit-learn's MultinomialNB.fit on the same 60,000 x 784 rows in memory, one core each, in one run.
# usage: bench/compare-scikit-learn.sh [FOLDER WITH THE IDX FILES]
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
folder=${1:-/usr/share/datasets/fashion-mnist}

if ! /usr/bin/python3 -c 'import sklearn' 2>/dev/null; then
    sudo=""
    [ "$(id -u)" -eq 0 ] || sudo=sudo
    $sudo apt-get update
    $sudo apt-get install -y --no-install-recommends python3-sklearn
fi

figures=$(mktemp)
trap 'rm -f "$figures"' EXIT
dotnet build -c Release --verbosity quiet "$here"
dotnet run -c Release --no-build --project "$here" -- kernels --dense-only --data "$folder" --json > "$figures"

# A preset OPENBLAS_CORETYPE or OPENBLAS_L2_SIZE that does not suit the processor slows numpy down; without them it finds out itself.
unset OPENBLAS_CORETYPE OPENBLAS_L2_SIZE
export OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1
last=$(($(nproc) - 1))
taskset -c "$last" /usr/bin/python3 "$here/compare_scikit_learn.py" "$figures" "$folder"
