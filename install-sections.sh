#!/usr/bin/env bash
# Writes train.tsv and test.tsv, the sections of Debian's packages and their descriptions, from the lists that apt has.
# usage: ./install-sections.sh [FOLDER]
set -euo pipefail
cd "$(dirname "$0")"
dotnet run -c Release --project bench -- sections "${1:-examples/sections}"
