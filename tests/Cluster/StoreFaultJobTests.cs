using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Testing;

namespace ExplicitCluster.Cluster.Tests;

/// <summary>A share of a job's requests to the store goes wrong: the job gives the same model as ever, or says in one line why it does not.</summary>
[Collection("faults")]
public sealed class StoreFaultJobTests(FaultySilo silo) : IClassFixture<FaultySilo>
{
    private const int Undisturbed = 2500;

    [Theory]
    [InlineData(StoreFault.Delay, .05)]
    [InlineData(StoreFault.Stall, .05)]
    [InlineData(StoreFault.Reset, .2)]
    [InlineData(StoreFault.Broken, .2)]
    [InlineData(StoreFault.Busy, .2)]
    [InlineData(StoreFault.TooMany, .03)]
    [InlineData(StoreFault.LostAnswer, .2)]
    [InlineData(StoreFault.CutAnswer, .2)]
    [InlineData(StoreFault.ShortAnswer, .2)]
    [InlineData(StoreFault.ChangedRequest, .2)]
    public async Task A_job_rides_out_a_fault_that_passes(StoreFault fault, double share)
    {
        var expected = await ExpectedAsync();
        silo.Proxy.Script = FaultScript.Randomly((int)fault, share, fault);
        var record = await silo.RunAsync($"{fault}", 1000 + (int)fault);
        silo.Proxy.Script = _ => null;
        Assert.Contains(silo.Proxy.Injected, injected => injected.Fault == fault);
        Assert.True(record.Status == JobStatus.Done, $"{record.Failure?.Cause}\n{record.Failure?.Detail}");
        SmallJob.AssertIsTheSame(expected, record.Result!);
        await PublishedModels.AssertAreAsync(silo.Calm, expected.WeightsSha256);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_job_whose_answers_are_changed_on_their_way_gives_the_same_model_or_one_clear_error_and_goes_on_when_that_is_over(int seed)
    {
        var expected = await ExpectedAsync();
        silo.Proxy.Script = FaultScript.Randomly(seed, .05 * seed, StoreFault.ChangedAnswer);
        var id = $"changed-{seed}";
        var record = await silo.RunAsync(id, 1100 + seed);
        silo.Proxy.Script = _ => null;
        await PublishedModels.AssertAreAsync(silo.Calm, expected.WeightsSha256);
        if (record.Status != JobStatus.Done)
        {
            Assert.Equal(JobStatus.Failed, record.Status);
            Assert.True(record.Failure is { Detail: null, Remedy.Length: > 0 }, $"{record.Failure?.Cause}\n{record.Failure?.Detail}");
            Assert.DoesNotContain('\n', record.Failure!.Cause);
            await silo.Job(id).ResumeAsync();
            record = await silo.EndOfAsync(id);
        }
        Assert.True(record.Status == JobStatus.Done, record.Failure?.Cause);
        SmallJob.AssertIsTheSame(expected, record.Result!);
    }

    [Theory]
    [InlineData(StoreFault.Busy, "asks for fewer requests")]
    [InlineData(StoreFault.Reset, "does not answer")]
    public async Task A_fault_that_lasts_ends_the_job_in_one_line_and_the_job_can_be_resumed(StoreFault fault, string seen)
    {
        var expected = await ExpectedAsync();
        var id = $"lasting-{fault}";
        var counting = 0;
        silo.Proxy.Script = request => request.Path.Contains("/statistics/", StringComparison.Ordinal) && request.Kind == StoreRequestKind.Write && Interlocked.Increment(ref counting) > 3
            || counting > 3 ? fault : null; // from the fourth shard on, whatever is asked for
        var record = await silo.RunAsync(id, 1200 + (int)fault);
        Assert.Equal(JobStatus.Failed, record.Status);
        Assert.Contains(seen, record.Failure!.Cause);
        Assert.DoesNotContain('\n', record.Failure.Cause);
        Assert.Contains("jobs resume", record.Failure.Remedy);
        Assert.Null(record.Failure.Detail);
        silo.Proxy.Script = _ => null;
        await silo.Job(id).ResumeAsync();
        record = await silo.EndOfAsync(id);
        Assert.True(record.Status == JobStatus.Done, record.Failure?.Cause);
        Assert.InRange(record.Result!.ReusedShards, 3, record.Result.Shards - 1);
        SmallJob.AssertIsTheSame(expected, record.Result);
    }

    /// <summary>The result without faults; computed once, as its record stays in the store.</summary>
    private async Task<JobResult> ExpectedAsync()
    {
        silo.Proxy.Script = _ => null;
        var record = await silo.Job("undisturbed").GetAsync() ?? await silo.RunAsync("undisturbed", Undisturbed);
        return record.Result!;
    }
}
