using ExplicitCluster.Testing;

namespace ExplicitCluster.Cluster.Tests;

/// <summary>Three silo processes over blobs, and the servers that they need.</summary>
public sealed class BlobCluster : IAsyncLifetime
{
    public const int Silos = 3;

    internal RedisServer Redis { get; private set; } = null!;

    internal AzuriteServer Azurite { get; private set; } = null!;

    internal RealCluster Cluster { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Redis = await RedisServer.StartAsync();
        Azurite = await AzuriteServer.StartAsync();
        Cluster = await RealCluster.StartAsync(Redis.Address("tests"), "blob:tests", Azurite.ConnectionString, Silos);
    }

    public async ValueTask DisposeAsync()
    {
        if (Cluster is not null)
            await Cluster.DisposeAsync();
        if (Azurite is not null)
            await Azurite.DisposeAsync();
        if (Redis is not null)
            await Redis.DisposeAsync();
    }
}
