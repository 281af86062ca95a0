using ExplicitCluster.Data.Store;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Data.Formats;

public static class StatisticsFile
{
    public static Task WriteAsync(
        IArtifactStore store, string name, SufficientStatistics statistics, IReadOnlyList<string> labels, IReadOnlyList<string> blockHashes,
        CancellationToken ct) => throw new NotImplementedException();

    public static Task<StatisticsHeader?> ReadHeaderAsync(IArtifactStore store, string name, CancellationToken ct) => throw new NotImplementedException();

    public static Task<CountTable> ReadCountsAsync(IArtifactStore store, string name, int firstInput, int endInput, CancellationToken ct) =>
        throw new NotImplementedException();
}
