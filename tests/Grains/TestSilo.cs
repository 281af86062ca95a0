using System.Net;
using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Grains.Hosting;
using ExplicitCluster.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ExplicitCluster.Grains.Tests;

/// <summary>A real silo in the test's process, over a folder store that counts what is read from it.</summary>
public sealed class TestSilo : IAsyncDisposable
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);

    private readonly IHost _host;
    private readonly IPEndPoint _endpoint;

    private TestSilo(IHost host, CountingStore store, IPEndPoint endpoint) => (_host, Store, _endpoint) = (host, store, endpoint);

    public CountingStore Store { get; }

    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    /// <summary>Starts a silo on free ports; the first of a cluster where <paramref name="first"/> is null.</summary>
    public static async Task<TestSilo> JoinAsync(TestSilo? first, string folder, params (string Name, string Value)[] options)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(
            options.Append((nameof(ExplicitOptions.Store), folder)).ToDictionary(option => $"{ExplicitOptions.Section}:{option.Item1}", option => (string?)option.Item2));
        var store = new CountingStore(new FolderArtifactStore(folder));
        var endpoint = new IPEndPoint(IPAddress.Loopback, FreePort.Next());
        builder.UseOrleans(silo => silo.UseLocalhostClustering(endpoint.Port, FreePort.Next(), first?._endpoint).AddExplicitCluster(builder.Configuration));
        builder.Services.AddSingleton<IArtifactStore>(store);
        var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        return new TestSilo(host, store, endpoint);
    }

    public static Task<TestSilo> StartAsync(string folder, params (string Name, string Value)[] options) => JoinAsync(null, folder, options);

    /// <summary>Waits until this silo can place grains on so many silos.</summary>
    public async Task SeesAsync(int silos)
    {
        var manifests = _host.Services.GetRequiredService<IClusterManifestProvider>();
        using var deadline = new CancellationTokenSource(Deadline);
        if (manifests.Current.Silos.Count >= silos)
            return;
        await foreach (var manifest in manifests.Updates.WithCancellation(deadline.Token))
        {
            if (manifest.Silos.Count >= silos)
                return;
        }
    }

    public ITrainingJobGrain Job(string id) => Grains.GetGrain<ITrainingJobGrain>(id);

    /// <summary>Runs a job to its end.</summary>
    public async Task<JobRecord> RunAsync(JobSpecification specification, string? id = null)
    {
        var job = Job(id ?? Guid.NewGuid().ToString("N"));
        await job.StartAsync(specification);
        return await EndOf(job);
    }

    /// <summary>Waits for a started job's end, by its own events.</summary>
    public static async Task<JobRecord> EndOf(ITrainingJobGrain job)
    {
        JobEvent? last = null;
        using var deadline = new CancellationTokenSource(Deadline);
        try
        {
            await foreach (var step in job.WatchAsync(deadline.Token))
                last = step;
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"the job did not end in {Deadline}; its last event was {last}");
        }
        return last?.Record ?? throw new InvalidOperationException($"the events ended without a record; the last was {last}");
    }

    /// <summary>As <see cref="EndOf"/>, for a job whose silo went away: asks again, as clients do, until another silo has taken it on.</summary>
    public async Task<JobRecord> EndOfMovedAsync(string id)
    {
        var start = DateTime.UtcNow;
        while (true)
        {
            try
            {
                await Job(id).PollAsync();
                return await EndOf(Job(id));
            }
            catch (Exception exception) when (exception is OrleansException or EnumerationAbortedException or InvalidOperationException or TimeoutException && DateTime.UtcNow - start < Deadline)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), TestContext.Current.CancellationToken);
            }
        }
    }

    /// <summary>As <see cref="RunAsync"/>, for a job that must succeed.</summary>
    public async Task<JobResult> SolveAsync(JobSpecification specification)
    {
        var record = await RunAsync(specification);
        Assert.True(record.Status == JobStatus.Done, $"{record.Failure?.Cause}\n{record.Failure?.Detail}");
        return record.Result!;
    }

    /// <summary>Stops as a process that is killed does: what runs here is not waited for and hands nothing over.</summary>
    public Task KillAsync() => _host.StopAsync(new CancellationToken(canceled: true)).WaitAsync(Deadline);

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
    }
}
