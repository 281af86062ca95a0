using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Testing;

namespace ExplicitCluster.Cluster.Tests;

/// <summary>What a cluster lives through besides the death of a silo: silos that hang, join and stop, and servers that restart.</summary>
[Collection("faults")]
public sealed class ClusterTests(BlobCluster blobs) : IClassFixture<BlobCluster>, IAsyncLifetime
{
    private const int Silos = BlobCluster.Silos;

    private readonly RealCluster _cluster = blobs.Cluster;

    /// <summary>Whatever a test before this one left.</summary>
    public async ValueTask InitializeAsync() => await _cluster.RestoreAsync(Silos);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Three_processes_over_blobs_give_the_bits_of_one_silo_over_a_folder()
    {
        var result = await _cluster.SolveAsync("plain", Solution.Large.Specification);
        Assert.Equal(Silos, result.Silos);
        await Solution.Large.AssertIsTheSameAsync(result);
    }

    [Fact]
    public async Task A_silo_that_hangs_is_done_without()
    {
        await _cluster.StartAsync("hung", Solution.Small.CutInto(3000));
        var hung = await StageAsync("hung", JobStage.Accumulate, () => _cluster.SiloOfAsync(_cluster.Job("hung").GetGrainId()));
        hung!.Pause();
        var record = await _cluster.EndOfAsync("hung");
        await Solution.Small.AssertIsTheSameAsync(record.Result!);
        hung.Continue();
        // Woken, it learns that the others have declared it dead, and ends.
        Assert.NotEqual(0, await hung.EndAsync(RealCluster.Deadline));
    }

    [Fact]
    public async Task A_silo_that_joins_and_one_that_stops_leave_the_bits_alone()
    {
        await _cluster.StartAsync("moving", Solution.Small.CutInto(500));
        var joining = await StageAsync("moving", JobStage.Accumulate, () => Task.FromResult<SiloProcess?>(_cluster.Launch()));
        await joining!.ReadyAsync();
        Assert.Null((await _cluster.PollAsync("moving"))?.Record?.Result); // else it was over before the silo had joined
        var stopping = _cluster.Alive[0];
        stopping.Terminate();
        var record = await _cluster.EndOfAsync("moving");
        await Solution.Small.AssertIsTheSameAsync(record.Result!);
        Assert.Equal(0, await stopping.EndAsync(RealCluster.Deadline));
    }

    [Fact]
    public async Task Redis_may_restart_during_a_job()
    {
        var silos = _cluster.Alive;
        await _cluster.StartAsync("redis", Solution.Small.CutInto(2000));
        await StageAsync("redis", JobStage.Accumulate, async () =>
        {
            await blobs.Redis.RestartAsync(keepData: true);
            return null;
        });
        var record = await _cluster.EndOfAsync("redis");
        await Solution.Small.AssertIsTheSameAsync(record.Result!);
        Assert.All(silos, silo => Assert.False(silo.HasExited, silo.Log));
    }

    [Fact]
    public async Task The_blob_server_may_restart_during_a_job()
    {
        await _cluster.StartAsync("blobs", Solution.Small.CutInto(1500));
        await StageAsync("blobs", JobStage.Accumulate, async () =>
        {
            await blobs.Azurite.RestartAsync();
            return null;
        });
        var record = await _cluster.EndOfAsync("blobs");
        Assert.True(record.Status == JobStatus.Done, record.Failure?.Cause);
        await Solution.Small.AssertIsTheSameAsync(record.Result!);
    }

    [Fact]
    public async Task When_redis_lost_its_data_silos_end_with_one_line_and_new_ones_go_on_with_the_job()
    {
        await _cluster.StartAsync("lost", Solution.Small.CutInto(1200));
        var old = _cluster.Alive;
        await StageAsync("lost", JobStage.Accumulate, async () =>
        {
            // A job that outlives its cluster: no silo is left to finish it.
            foreach (var silo in old.Skip(1))
                silo.Kill();
            await blobs.Redis.RestartAsync(keepData: false);
            return null;
        });
        Assert.Equal(4, await old[0].EndAsync(RealCluster.Deadline));
        Assert.Contains("lost the cluster's membership", old[0].Log, StringComparison.Ordinal);
        await Task.WhenAll(Enumerable.Range(0, Silos).Select(_ => _cluster.Launch().ReadyAsync()));
        var record = await _cluster.EndOfAsync("lost");
        Assert.InRange(record.Attempts, 2, int.MaxValue); // not one that ended with its silo
        await Solution.Small.AssertIsTheSameAsync(record.Result!);
    }

    /// <summary>Does something as soon as the job is in a stage.</summary>
    private async Task<SiloProcess?> StageAsync(string id, JobStage stage, Func<Task<SiloProcess?>> act)
    {
        await foreach (var step in _cluster.Job(id).WatchAsync().WithDeadline(RealCluster.Deadline, $"stage {stage} of job {id}"))
        {
            if (step.Stage >= stage)
            {
                Assert.Equal(stage, step.Stage);
                break;
            }
        }
        return await act();
    }
}
