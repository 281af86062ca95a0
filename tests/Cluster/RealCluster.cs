using System.Collections.Immutable;
using System.Diagnostics;
using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Silos;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Grains.Hosting;
using ExplicitCluster.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ExplicitCluster.Cluster.Tests;

/// <summary>Silo processes over a real Redis and a store, and a client of them in the test's process.</summary>
internal sealed class RealCluster : IAsyncDisposable
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(120);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>A death is timed by short questions: one that went to the dead silo itself must not make it seem longer.</summary>
    private static readonly TimeSpan ShortPatience = TimeSpan.FromMilliseconds(300);

    private readonly Dictionary<string, string> _settings;
    private ImmutableList<SiloProcess> _silos = [];
    private IHost? _client;

    private RealCluster(ClusterAddress address, Dictionary<string, string> settings)
    {
        Address = address;
        _settings = settings;
    }

    public ClusterAddress Address { get; }

    public IReadOnlyList<SiloProcess> Silos => _silos;

    /// <summary>Those whose process has not ended.</summary>
    public IReadOnlyList<SiloProcess> Alive => [.. _silos.Where(silo => !silo.HasExited)];

    public IGrainFactory Grains => _client!.Services.GetRequiredService<IGrainFactory>();

    public IArtifactStore Store { get; private init; } = null!;

    /// <summary>Starts silos, and a client that is connected to them.</summary>
    /// <param name="redis">Address of Redis, cluster's name included.</param>
    /// <param name="store">Address of the store.</param>
    /// <param name="connection">Its connection string; null for a folder.</param>
    /// <param name="silos">How many.</param>
    /// <param name="checkpointPeriod">Most time between two checkpoints of a refinement; null for the default.</param>
    public static async Task<RealCluster> StartAsync(string redis, string store, string? connection, int silos, string? checkpointPeriod = null)
    {
        var settings = new Dictionary<string, string>
        {
            ["CLUSTER"] = redis,
            ["STORE"] = store,
            ["DATAROOTS__0"] = "/",
        };
        if (connection is not null)
            settings["STORECONNECTION"] = connection;
        if (checkpointPeriod is not null)
            settings["CHECKPOINTPERIOD"] = checkpointPeriod;
        var cluster = new RealCluster(ClusterAddress.Parse(redis).Address!, settings) { Store = ArtifactStores.Open(store, connection) };
        try
        {
            var started = Enumerable.Range(0, silos).Select(_ => cluster.Launch()).ToList();
            await Task.WhenAll(started.Select(silo => silo.ReadyAsync()));
            await cluster.ConnectAsync();
            await cluster.SeesAsync(silos);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts one more silo; it is not ready yet.</summary>
    public SiloProcess Launch()
    {
        var silo = SiloProcess.Start(_settings);
        ImmutableInterlocked.Update(ref _silos, silos => silos.Add(silo));
        return silo;
    }

    /// <summary>Starts as many silos as are missing, and waits until the cluster has so many.</summary>
    public async Task RestoreAsync(int silos)
    {
        await Task.WhenAll(Enumerable.Range(0, Math.Max(0, silos - Alive.Count)).Select(_ => Launch().ReadyAsync()));
        await SeesAsync(silos);
    }

    public ITrainingJobGrain Job(string id) => Grains.GetGrain<ITrainingJobGrain>(id);

    public async Task StartAsync(string id, JobSpecification specification) =>
        await PersistAsync(() => Job(id).StartAsync(specification), $"job {id} started");

    /// <summary>Where the job is now; asks until a silo answers.</summary>
    public Task<JobEvent?> PollAsync(string id) => PersistAsync(() => Job(id).PollAsync(), $"job {id} answered");

    /// <summary>Polls the job to its end.</summary>
    public async Task<JobRecord> EndOfAsync(string id, Action<JobEvent>? seen = null)
    {
        var start = Stopwatch.StartNew();
        JobEvent? step = null;
        while (start.Elapsed < Deadline)
        {
            step = await PollAsync(id);
            if (step is not null)
                seen?.Invoke(step);
            if (step?.Record is { Status: not JobStatus.Running } record)
                return record;
            await Task.Delay(Pause);
        }
        throw new TimeoutException($"Job {id} did not end within {Deadline}; its last event was {step}.\n{Logs}");
    }

    public async Task<JobResult> SolveAsync(string id, JobSpecification specification)
    {
        await StartAsync(id, specification);
        var record = await EndOfAsync(id);
        Assert.True(record.Status == JobStatus.Done, $"{record.Failure?.Cause}\n{record.Failure?.Detail}\n{Logs}");
        return record.Result!;
    }

    /// <summary>Waits until the cluster has exactly so many active silos.</summary>
    public async Task SeesAsync(int silos)
    {
        var start = Stopwatch.StartNew();
        while (start.Elapsed < Deadline)
        {
            var active = await PersistAsync(() => Grains.GetGrain<IManagementGrain>(0).GetHosts(onlyActive: true), "the membership was read");
            if (active.Count == silos)
                return;
            await Task.Delay(Pause);
        }
        throw new TimeoutException($"The cluster did not come to have {silos} silos within {Deadline}.\n{Logs}");
    }

    /// <summary>The silo that a grain of the job is active on now; null where none is.</summary>
    public async Task<SiloProcess?> SiloOfAsync(GrainId grain)
    {
        var address = await PersistAsync(() => Grains.GetGrain<IManagementGrain>(0).GetActivationAddress(Grains.GetGrain(grain)).AsTask(), $"{grain} was looked up");
        return address is null ? null : _silos.Find(silo => silo.Port == address.Endpoint.Port && !silo.HasExited);
    }

    /// <summary>Whether no piece of work runs or waits on a silo; false also where it does not say at once.</summary>
    public async Task<bool> IsIdleAsync(SiloProcess silo)
    {
        try
        {
            var hosts = await Grains.GetGrain<IManagementGrain>(0).GetHosts(onlyActive: true).WaitAsync(ShortPatience);
            var address = hosts.Keys.Single(host => host.Endpoint.Port == silo.Port);
            var status = await Grains.GetGrain<ISiloGrain>(address.ToParsableString()).StatusAsync().WaitAsync(ShortPatience);
            return status is { WorkRunning: 0, WorkWaiting: 0 };
        }
        catch (Exception exception) when (exception is OrleansException or TimeoutException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>Seconds until the others have declared a silo dead.</summary>
    public async Task<double> DetectionAsync(SiloProcess silo)
    {
        var start = Stopwatch.StartNew();
        while (start.Elapsed < Deadline)
        {
            var hosts = await PersistAsync(() => Grains.GetGrain<IManagementGrain>(0).GetHosts(onlyActive: false), "the membership was read", ShortPatience);
            if (hosts.All(host => host.Key.Endpoint.Port != silo.Port || host.Value == SiloStatus.Dead))
                return start.Elapsed.TotalSeconds;
            await Task.Delay(Pause);
        }
        throw new TimeoutException($"The silo on port {silo.Port} was not declared dead within {Deadline}.\n{Logs}");
    }

    public string Logs => string.Join('\n', _silos.Select(silo => $"--- silo {silo.Port}{(silo.HasExited ? " (ended)" : "")}\n{silo.Log}"));

    public async ValueTask DisposeAsync()
    {
        if (_client is not null)
        {
            // Not to hide why a test failed, nor to leave silos behind: that it did not stop in peace is no matter.
            await _client.StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await ((IAsyncDisposable)_client).DisposeAsync();
        }
        foreach (var silo in _silos)
            await silo.DisposeAsync();
    }

    private async Task ConnectAsync()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.UseOrleansClient(client => client.UseRedisCluster(Address));
        _client = builder.Build();
        await _client.StartAsync().WaitAsync(Deadline);
    }

    /// <summary>Short calls, tried again until one succeeds: a call to a silo that died does not fail by itself.</summary>
    private async Task<T> PersistAsync<T>(Func<Task<T>> call, string awaited, TimeSpan? patience = null)
    {
        var start = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return await call().WaitAsync(patience ?? Patience);
            }
            catch (Exception exception) when (exception is OrleansException or TimeoutException or OperationCanceledException)
            {
                if (start.Elapsed > Deadline)
                    throw new TimeoutException($"It did not come to pass within {Deadline} that {awaited}: {exception.Message}\n{Logs}", exception);
            }
            await Task.Delay(Pause);
        }
    }
}
