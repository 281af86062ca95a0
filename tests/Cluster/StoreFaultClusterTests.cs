using Azure.Storage.Blobs;
using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Testing;

namespace ExplicitCluster.Cluster.Tests;

/// <summary>Silo processes, with the settings they have in earnest, over a store that fails.</summary>
[Collection("faults")]
public sealed class StoreFaultClusterTests : IAsyncLifetime
{
    private const string Container = "faults";
    private const int Silos = 2;

    private static readonly StoreFault[] Faults =
    [
        StoreFault.Delay, StoreFault.Reset, StoreFault.Broken, StoreFault.Busy, StoreFault.TooMany, StoreFault.LostAnswer, StoreFault.CutAnswer,
        StoreFault.ShortAnswer, StoreFault.ChangedRequest,
    ];

    private readonly TemporaryFolder _folder = new();
    private RedisServer _redis = null!;
    private AzuriteServer _azurite = null!;
    private FaultyProxy _proxy = null!;
    private RealCluster _cluster = null!;

    public async ValueTask InitializeAsync()
    {
        _redis = await RedisServer.StartAsync();
        _azurite = await AzuriteServer.StartAsync();
        _proxy = new FaultyProxy(_azurite.Port);
        _cluster = await RealCluster.StartAsync(_redis.Address("faults"), $"blob:{Container}", _proxy.ConnectionString, Silos);
    }

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
            await _cluster.DisposeAsync();
        if (_proxy is not null)
            await _proxy.DisposeAsync();
        if (_azurite is not null)
            await _azurite.DisposeAsync();
        if (_redis is not null)
            await _redis.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Through_faults_of_all_kinds_the_bits_stay_the_same_and_a_lost_container_ends_a_job_that_can_be_resumed()
    {
        var expected = await _cluster.SolveAsync("calm", SmallJob.OfCopies(_folder["calm"], 1500));
        _proxy.Script = FaultScript.Randomly(20231113, .04, Faults);
        var result = await _cluster.SolveAsync("mixed", SmallJob.OfCopies(_folder["mixed"], 1000));
        _proxy.Script = _ => null;
        SmallJob.AssertIsTheSame(expected, result);
        Assert.InRange(_proxy.Injected.Select(injected => injected.Fault).Distinct().Count(), 5, Faults.Length);
        var calm = ArtifactStores.Open($"blob:{Container}", _azurite.ConnectionString);
        await PublishedModels.AssertAreAsync(calm, result.WeightsSha256);

        SmallJob.AssertIsTheSame(expected, await LoseContainerAsync("lost", SmallJob.OfCopies(_folder["lost"], 700), calm));
    }

    /// <summary>The container goes when the second shard's statistics come, and comes back, with what it held, after the job's end.</summary>
    private async Task<JobResult> LoseContainerAsync(string id, JobSpecification specification, IArtifactStore calm)
    {
        var container = new BlobContainerClient(_azurite.ConnectionString, Container, new BlobClientOptions(BlobClientOptions.ServiceVersion.V2026_06_06));
        var kept = new TaskCompletionSource<Dictionary<string, byte[]>>();
        var shards = 0;
        _proxy.Script = request =>
        {
            if (request.Kind == StoreRequestKind.Write && request.Path.Contains("/statistics/", StringComparison.Ordinal) && Interlocked.Increment(ref shards) == 2)
            {
                kept.SetResult(KeepAsync(calm).GetAwaiter().GetResult());
                container.Delete();
            }
            return null;
        };
        await _cluster.StartAsync(id, specification);
        var record = await _cluster.EndOfAsync(id);
        Assert.Equal(JobStatus.Failed, record.Status);
        Assert.Contains($"the store blob:{Container} has lost its container", record.Failure!.Cause, StringComparison.Ordinal);
        Assert.Contains("jobs resume", record.Failure.Remedy, StringComparison.Ordinal);
        Assert.Null(record.Failure.Detail);
        Assert.False(await container.ExistsAsync());

        await container.CreateAsync();
        foreach (var (name, content) in await kept.Task)
            await calm.WriteAsync(name, (stream, token) => stream.WriteAsync(content, token).AsTask(), WriteCondition.Always, CancellationToken.None);
        Assert.Equal(JobStatus.Running, (await _cluster.Job(id).ResumeAsync())!.Status);
        record = await _cluster.EndOfAsync(id);
        Assert.True(record.Status == JobStatus.Done, record.Failure?.Cause);
        return record.Result!;
    }

    private static async Task<Dictionary<string, byte[]>> KeepAsync(IArtifactStore store)
    {
        var contents = new Dictionary<string, byte[]>();
        await foreach (var name in store.ListAsync("", CancellationToken.None))
            contents[name] = (await store.ReadAsync(name, CancellationToken.None))!.Content;
        return contents;
    }
}
