#!/usr/bin/env bash
# Installs what the tests need, builds everything, runs all tests, two projects at a time, and those of arithmetic again on narrower
# vectors, whose bits must not differ. The last line sums up; the exit code is 0 only if something ran and nothing failed.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")"
# shellcheck source=install-data.sh
source ./install-data.sh
# shellcheck source=install-servers.sh
source ./install-servers.sh

configuration=Release
arithmetic=(--filter-class '*.SameBitsTests' --filter-class '*.GoldenTests' --filter-class '*.LayerTests' --filter-class '*StatisticsTests'
            --filter-class '*LeaveOneOutTests' --filter-class '*WindowScoresTests' --filter-class '*.CodeStepsTests' --filter-class '*.ExplicitSolutionTests' --filter-class '*.BlockMapTests'
            --filter-class '*.LanguageGoldenTests' --filter-class '*.LocalStepsTests' --filter-class '*.AveragingTests')
at_once=2
longest=(EndToEnd Cluster Grains Data) # these first, so that none of them is left running alone at the end
logs=$(mktemp -d)
declare -A running=() # what runs, by its process
passed=0 failed=0 skipped=0
set -m # what is started has a process group of its own, and ends with this script

finish() {
    local process
    for process in "${!running[@]}"; do
        kill -INT -- "-$process" 2>/dev/null || true
    done
    rm -rf "$logs"
}
trap finish EXIT
trap 'exit 130' INT TERM

# figure NAME LOG: one figure of the summary in a log.
figure() { awk -v name="$1:" '$1 == name { sum += $2 } END { print sum + 0 }' "$2"; }

# start WHAT COMMAND...: starts tests, once there is room for them.
start() {
    local what=$1
    shift
    ((${#running[@]} < at_once)) || end_one
    echo "== $what ..."
    "$@" --configuration "$configuration" --no-build --no-progress --no-ansi </dev/null >"$logs/$what" 2>&1 &
    running[$!]=$what
}

# Waits for one of those that run, prints what it printed and adds up; one that fails without a failed test counts as one.
end_one() {
    local process status=0 what failures
    wait -n -p process || status=$?
    what=${running[$process]}
    unset "running[$process]"
    echo "== $what"
    cat "$logs/$what"
    failures=$(figure failed "$logs/$what")
    if ((status != 0 && failures == 0)); then
        echo "test.sh: '$what' ended with exit code $status" >&2
        failures=1
    fi
    ((passed += $(figure succeeded "$logs/$what"))) || true
    ((failed += failures)) || true
    ((skipped += $(figure skipped "$logs/$what"))) || true
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
# As a graph: each project as soon as those that it refers to are there, whichever processor is free; otherwise a project stays where it was first asked about, nearly
# all of them in one queue. And the compiler lives too short to be watched for what is worth compiling again.
DOTNET_TieredPGO=0 dotnet build ExplicitCluster.sln -graph --configuration "$configuration" --verbosity quiet -nologo </dev/null

projects=("${longest[@]}")
for project in tests/*/*.Tests.csproj; do
    project=$(basename "$(dirname "$project")")
    [[ " ${longest[*]} " == *" $project "* ]] || projects+=("$project")
done
for project in "${projects[@]}"; do
    start "$project" dotnet test --project "tests/$project"
done
if [[ ! -e /proc/cpuinfo ]] || grep -qw avx512f /proc/cpuinfo; then # elsewhere that is what ran already
    start "arithmetic without AVX-512" env DOTNET_EnableAVX512=0 dotnet test --project tests/Numerics "${arithmetic[@]}"
fi
start "arithmetic without AVX2" env DOTNET_EnableAVX2=0 dotnet test --project tests/Numerics "${arithmetic[@]}"
while ((${#running[@]} > 0)); do
    end_one
done

summary="$passed passed, $failed failed"
((skipped == 0)) || summary+=", $skipped skipped"
echo "$summary"
((failed == 0 && passed > 0))
