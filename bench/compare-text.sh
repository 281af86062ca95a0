#!/bin/sh
# A words classifier of Debian's package descriptions from raw text to weights: ours, scikit-learn's CountVectorizer with MultinomialNB, and five epochs of
# fastText, one core each, in one run, as ratios. Then the four groups with temperatures and one scaling pass.
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)

if ! /usr/bin/python3 -c 'import sklearn' 2>/dev/null || ! command -v fasttext >/dev/null; then
    sudo=""
    [ "$(id -u)" -eq 0 ] || sudo=sudo
    $sudo apt-get update
    $sudo apt-get install -y --no-install-recommends python3-sklearn fasttext
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
dotnet build -c Release --verbosity quiet "$here"
dotnet run -c Release --no-build --project "$here" -- sections "$work"
dotnet run -c Release --no-build --project "$here" -- text --json > "$work/figures.json"
export OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1
last=$(($(nproc) - 1))
taskset -c "$last" /usr/bin/python3 "$here/compare_text.py" "$work"
