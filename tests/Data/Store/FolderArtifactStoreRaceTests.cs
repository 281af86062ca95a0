using ExplicitCluster.Data.Store;
using ExplicitCluster.Testing;

namespace ExplicitCluster.Data.Tests.Store;

public sealed class FolderArtifactStoreRaceTests : ArtifactStoreRaceTests, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    protected override IArtifactStore Open() => new FolderArtifactStore(_folder["store"]);

    public void Dispose() => _folder.Dispose();
}
