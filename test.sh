#!/usr/bin/env bash
# Installs what the tests need, builds everything, runs all tests, and those of arithmetic again on narrower vectors, whose
# bits must not differ. The last line sums up; the exit code is 0 only if something ran and nothing failed.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")"
# shellcheck source=install-data.sh
source ./install-data.sh
# shellcheck source=install-servers.sh
source ./install-servers.sh

configuration=Release
arithmetic=(--filter-class '*.SameBitsTests' --filter-class '*.GoldenTests' --filter-class '*.LayerTests' --filter-class '*StatisticsTests'
            --filter-class '*.LeaveOneOutTests' --filter-class '*.ExplicitSolutionTests' --filter-class '*.BlockMapTests'
            --filter-class '*.LanguageGoldenTests' --filter-class '*.LocalStepsTests' --filter-class '*.AveragingTests')
log=$(mktemp)
trap 'rm -f "$log"' EXIT
passed=0 failed=0 skipped=0

# One figure of the summaries in the log.
figure() { awk -v name="$1:" '$1 == name { sum += $2 } END { print sum + 0 }' "$log"; }

# run_tests WHAT ARGUMENT...: runs 'dotnet test' and adds up; a run that fails without a failed test counts as one.
run_tests() {
    local what=$1 status=0
    shift
    echo "== $what"
    dotnet test "$@" --configuration "$configuration" --no-build --no-progress --no-ansi </dev/null 2>&1 | tee "$log" || status=$?
    local failures
    failures=$(figure failed)
    if ((status != 0 && failures == 0)); then
        echo "test.sh: '$what' ended with exit code $status" >&2
        failures=1
    fi
    ((passed += $(figure succeeded))) || true
    ((failed += failures)) || true
    ((skipped += $(figure skipped))) || true
}

if ! ensure_fashion_mnist; then
    echo "test.sh: the package dataset-fashion-mnist could not be installed; tests that need it will fail and say so" >&2
fi
if ! ensure_king_james; then
    echo "test.sh: the packages bible-kjv and bible-kjv-text could not be installed; tests that need them will fail and say so" >&2
fi
if ! ensure_servers; then
    echo "test.sh: redis-server (Debian) or azurite (npm) could not be installed; tests that need them will fail and say so" >&2
fi

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
dotnet build ExplicitCluster.sln --configuration "$configuration" --verbosity quiet -nologo </dev/null

run_tests "all tests" --solution ExplicitCluster.sln
DOTNET_EnableAVX512=0 run_tests "arithmetic without AVX-512" --project tests/Numerics "${arithmetic[@]}"
DOTNET_EnableAVX2=0 run_tests "arithmetic without AVX2" --project tests/Numerics "${arithmetic[@]}"

summary="$passed passed, $failed failed"
((skipped == 0)) || summary+=", $skipped skipped"
echo "$summary"
((failed == 0 && passed > 0))
