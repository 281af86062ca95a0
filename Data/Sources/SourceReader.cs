using ExplicitCluster.Abstractions.Shards;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Data.Store;

namespace ExplicitCluster.Data.Sources;

public sealed class SourceReader(IArtifactStore store)
{
    public Task<SourceManifest> OpenAsync(SourceSpecification source, bool labelsRequired, CancellationToken ct) => throw new NotImplementedException(store.ToString());

    public Task<LabelledRows> ReadAsync(SourceManifest manifest, long firstRow, int count, CancellationToken ct) => throw new NotImplementedException(store.ToString());

    public static string Describe(SourceManifest manifest, long row, int column) => throw new NotImplementedException();
}
