using ExplicitCluster.Testing;

namespace ExplicitCluster.Data.Tests.Store;

/// <summary>One Azurite for all tests that need one; each works in a container of its own.</summary>
public sealed class AzuriteFixture : IAsyncLifetime
{
    public const string Collection = "blobs";

    private static int containers;

    private AzuriteServer _server = null!;

    public string ConnectionString => _server.ConnectionString;

    /// <summary>A container that no other test uses.</summary>
    public string NextContainer() => $"tests-{Interlocked.Increment(ref containers)}";

    public FaultyProxy StartProxy() => new(_server.Port);

    public async ValueTask InitializeAsync() => _server = await AzuriteServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}

[CollectionDefinition(AzuriteFixture.Collection)]
public sealed class AzuriteTests : ICollectionFixture<AzuriteFixture>;
