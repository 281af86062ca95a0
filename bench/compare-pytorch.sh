#!/bin/sh
# An SGD epoch on 60,000 x 784 pixels, batch 128, one core: ours against PyTorch's in one run. `bench refinement` calls this with our seconds.
# usage: bench/compare-pytorch.sh [FOLDER WITH THE IDX FILES [OUR SECONDS]]
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
folder=${1:-/usr/share/datasets/fashion-mnist}

if ! /usr/bin/python3 -c 'import torch' 2>/dev/null; then
    sudo=""
    [ "$(id -u)" -eq 0 ] || sudo=sudo
    $sudo apt-get update
    $sudo apt-get install -y --no-install-recommends python3-torch
fi

ours=${2:-}
if [ -z "$ours" ]; then
    dotnet build -c Release --verbosity quiet "$here" >&2
    ours=$(dotnet run -c Release --no-build --project "$here" -- refinement --epoch-only)
fi
unset OPENBLAS_CORETYPE OPENBLAS_L2_SIZE
export OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1
last=$(($(nproc) - 1))
taskset -c "$last" /usr/bin/python3 "$here/compare_pytorch.py" "$ours" "$folder"
