using System.Globalization;
using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Grains.Hosting;
using ExplicitCluster.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ExplicitCluster.Bench;

/// <summary>A cluster of silo processes, each with a core and a compute slot of its own, or one with both, and a client of it in this process that only asks now and then.</summary>
internal sealed class PinnedSilos : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly List<PinnedProcess> _silos = [];
    private IHost? _client;
    private int _jobs;

    public static Task<PinnedSilos> StartAsync(int silos, RedisServer redis, string store, string images) =>
        StartAsync([.. Enumerable.Range(0, silos).Select(core => core.ToString(CultureInfo.InvariantCulture))], 1, redis, store, images);

    /// <param name="cores">The cores of each silo.</param>
    /// <param name="slots">Compute slots of each.</param>
    /// <param name="redis">Membership.</param>
    /// <param name="store">A folder.</param>
    /// <param name="images">The folder of the sources.</param>
    public static async Task<PinnedSilos> StartAsync(string[] cores, int slots, RedisServer redis, string store, string images)
    {
        var cluster = new PinnedSilos();
        try
        {
            var address = redis.Address($"bench-{string.Join('_', cores)}");
            foreach (var core in cores)
            {
                cluster._silos.Add(PinnedProcess.Start(core, Path.Combine(Repository.OutputOf("Silo"), "explicit-silo"), [], new Dictionary<string, string>
                {
                    ["EXPLICIT__CLUSTER"] = address,
                    ["EXPLICIT__STORE"] = store,
                    ["EXPLICIT__DATAROOTS__0"] = images,
                    ["EXPLICIT__SILOPORT"] = FreePort.Next().ToString(CultureInfo.InvariantCulture),
                    ["EXPLICIT__GATEWAYPORT"] = FreePort.Next().ToString(CultureInfo.InvariantCulture),
                    ["EXPLICIT__HTTPPORT"] = "0",
                    ["EXPLICIT__COMPUTESLOTS"] = slots.ToString(CultureInfo.InvariantCulture),
                    ["Logging__LogLevel__Default"] = "Warning",
                }));
            }
            foreach (var silo in cluster._silos)
                await silo.HearAsync("silo ready");
            await cluster.ConnectAsync(ClusterAddress.Parse(address).Address!);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a job to its end, nothing of it being counted before: seconds from start to end by its record, and the silos' processor time in between.</summary>
    /// <exception cref="InvalidOperationException">The job failed.</exception>
    public async Task<ClusterRun> RunAsync(JobSpecification specification)
    {
        var before = _silos.Sum(silo => silo.ProcessorSeconds);
        var (result, seconds) = await SolveAsync(specification);
        if (result.ReusedShards > 0 || result.Silos != _silos.Count)
            throw new InvalidOperationException($"{result.ReusedShards} shards were reused on {result.Silos} silos, expected 0 on {_silos.Count}");
        return new ClusterRun(seconds, _silos.Sum(silo => silo.ProcessorSeconds) - before, result.StatisticsSha256, result.WeightsSha256, result.Seconds);
    }

    /// <summary>Runs a job to its end: its result, and seconds from start to end by its record.</summary>
    /// <exception cref="InvalidOperationException">The job failed.</exception>
    public async Task<(JobResult Result, double Seconds)> SolveAsync(JobSpecification specification)
    {
        var job = _client!.Services.GetRequiredService<IGrainFactory>().GetGrain<ITrainingJobGrain>($"bench-{_jobs++}-{_silos.Count}");
        await job.StartAsync(specification);
        while (true)
        {
            await Task.Delay(Pause);
            if ((await job.PollAsync())?.Record is not { Status: not JobStatus.Running } record)
                continue;
            return record.Result is { } result
                ? (result, (record.Ended!.Value - record.Started).TotalSeconds)
                : throw new InvalidOperationException($"the job failed: {record.Failure?.Cause}; {record.Failure?.Remedy}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_client is not null)
        {
            await _client.StopAsync();
            await ((IAsyncDisposable)_client).DisposeAsync();
        }
        foreach (var silo in _silos)
            await silo.DisposeAsync();
    }

    private async Task ConnectAsync(ClusterAddress address)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.UseOrleansClient(client => client.UseRedisCluster(address));
        _client = builder.Build();
        await _client.StartAsync();
        var management = _client.Services.GetRequiredService<IGrainFactory>().GetGrain<IManagementGrain>(0);
        while ((await management.GetHosts(onlyActive: true)).Count < _silos.Count)
            await Task.Delay(Pause);
    }
}
