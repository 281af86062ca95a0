using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Grains.Hosting;
using ExplicitCluster.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ExplicitCluster.Cluster.Tests;

/// <summary>A silo in the test's process, over an Azurite behind a proxy that disturbs it. Requests are tried again soon, so that tests are short.</summary>
public sealed class FaultySilo : IAsyncLifetime
{
    private const string Address = "blob:faulty";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);

    private readonly TemporaryFolder _folder = new();
    private AzuriteServer _azurite = null!;
    private IHost _host = null!;

    public FaultyProxy Proxy { get; private set; } = null!;

    /// <summary>The store past the proxy.</summary>
    public IArtifactStore Calm { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _azurite = await AzuriteServer.StartAsync();
        Proxy = new FaultyProxy(_azurite.Port);
        Calm = ArtifactStores.Open(Address, _azurite.ConnectionString);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.Configuration.AddInMemoryCollection([new($"{ExplicitOptions.Section}:{nameof(ExplicitOptions.Store)}", _folder["unused"])]);
        builder.UseOrleans(silo => silo.UseLocalhostClustering(FreePort.Next(), FreePort.Next()).AddExplicitCluster(builder.Configuration));
        builder.Services.AddSingleton(ArtifactStores.Open(Address, Proxy.ConnectionString, retries =>
        {
            retries.MaxRetries = 5;
            retries.Delay = TimeSpan.FromMilliseconds(5);
            retries.MaxDelay = TimeSpan.FromMilliseconds(50);
            retries.NetworkTimeout = TimeSpan.FromSeconds(1);
        }));
        _host = builder.Build();
        await _host.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
        await Proxy.DisposeAsync();
        await _azurite.DisposeAsync();
        _folder.Dispose();
    }

    public ITrainingJobGrain Job(string id) => _host.Services.GetRequiredService<IGrainFactory>().GetGrain<ITrainingJobGrain>(id);

    public async Task<JobRecord> RunAsync(string id, int shardRows)
    {
        await Job(id).StartAsync(SmallJob.OfCopies(_folder[id], shardRows));
        return await EndOfAsync(id);
    }

    public async Task<JobRecord> EndOfAsync(string id)
    {
        JobEvent? last = null;
        await foreach (var step in Job(id).WatchAsync().WithDeadline(Deadline, $"the end of job {id}"))
            last = step;
        return last?.Record ?? throw new InvalidOperationException($"the events of job {id} ended without a record");
    }
}
