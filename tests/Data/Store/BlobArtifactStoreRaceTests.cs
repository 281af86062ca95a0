using ExplicitCluster.Data.Store;

namespace ExplicitCluster.Data.Tests.Store;

[Collection(AzuriteFixture.Collection)]
public sealed class BlobArtifactStoreRaceTests(AzuriteFixture azurite) : ArtifactStoreRaceTests
{
    private readonly string _container = azurite.NextContainer();

    protected override IArtifactStore Open() => ArtifactStores.Open($"blob:{_container}", azurite.ConnectionString);
}
