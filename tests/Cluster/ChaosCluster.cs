using ExplicitCluster.Testing;

namespace ExplicitCluster.Cluster.Tests;

/// <summary>Three silo processes over a folder. Whoever kills one puts another in its place.</summary>
public sealed class ChaosCluster : IAsyncLifetime
{
    public const int Silos = 3;

    private readonly TemporaryFolder _folder = new();
    private RedisServer _redis = null!;

    internal RealCluster Cluster { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _redis = await RedisServer.StartAsync();
        Cluster = await RealCluster.StartAsync(_redis.Address("chaos"), _folder["store"], null, Silos);
    }

    public async ValueTask DisposeAsync()
    {
        if (Cluster is not null)
            await Cluster.DisposeAsync();
        if (_redis is not null)
            await _redis.DisposeAsync();
        _folder.Dispose();
    }
}
