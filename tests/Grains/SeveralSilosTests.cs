using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Models;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Data.Store;

namespace ExplicitCluster.Grains.Tests;

/// <summary>Three real silos in one process, found by the first one: every message crosses the wire.</summary>
public sealed class SeveralSilosTests : IDisposable
{
    private readonly SmallImages _images = new();

    public void Dispose() => _images.Dispose();

    [Fact]
    public async Task Three_silos_give_the_bits_of_one_and_share_the_shards_evenly()
    {
        using var alone = new SmallImages();
        await using var single = await TestSilo.StartAsync(alone.Store);
        var expected = await single.SolveAsync(alone.Specification(SmallImages.Patches));

        await using var first = await TestSilo.StartAsync(_images.Store);
        await using var second = await TestSilo.JoinAsync(first, _images.Store);
        await using var third = await TestSilo.JoinAsync(first, _images.Store);
        foreach (var silo in new[] { first, second, third })
            await silo.SeesAsync(3);
        var management = first.Grains.GetGrain<IManagementGrain>(0);
        var specification = _images.Specification(SmallImages.Patches);
        var result = await second.SolveAsync(specification with { Data = specification.Data with { ShardRows = 10 } });
        Assert.Equal(3, result.Silos);
        Assert.Equal(expected.WeightsSha256, result.WeightsSha256);
        Assert.Equal(expected.StatisticsSha256, result.StatisticsSha256);
        Assert.Equal(expected.Test!.CrossEntropy, result.Test!.CrossEntropy);

        var grains = await management.GetDetailedGrainStatistics();
        // A silo that is done before the others takes pieces of theirs over, by grains of their own.
        var shards = grains.Where(grain => grain.GrainId.ToString() is var id && id.Contains("/train/") && !id.Contains('+')).GroupBy(grain => grain.SiloAddress).Select(silo => silo.Count()).ToList();
        Assert.Equal(3, shards.Count);
        Assert.InRange(shards.Max() - shards.Min(), 0, 1);

        // A stage without pieces is over at once.
        var unevaluated = await first.SolveAsync(specification with { Evaluate = EvaluateRows.None });
        Assert.Equal((expected.WeightsSha256, null), (unevaluated.WeightsSha256, unevaluated.Test));

        var report = await third.Grains.GetGrain<IModelGrain>(result.Model).EvaluateAsync([_images.TestSource]);
        Assert.Equal(result.Test.Confusion, report.Confusion);
    }

    [Fact]
    public async Task A_failure_on_another_silo_reaches_the_record_as_cause_and_remedy()
    {
        await using var first = await TestSilo.StartAsync(_images.Store);
        await using var second = await TestSilo.JoinAsync(first, _images.Store);
        await first.SeesAsync(2);
        await second.SeesAsync(2);
        var shardWrites = 0;
        second.Store.BeforeWrite = name => name.StartsWith("statistics/", StringComparison.Ordinal) && Interlocked.Increment(ref shardWrites) > 0
            ? throw new StoreException("Cannot write: the disk is full.", "Free space there.")
            : Task.CompletedTask;
        var specification = _images.Specification(SmallImages.Pixels);
        var record = await first.RunAsync(specification with { Data = specification.Data with { ShardRows = 10 } });
        Assert.True(shardWrites > 0, "no shard was placed on the second silo");
        Assert.Equal(JobStatus.Failed, record.Status);
        Assert.Equal(("Cannot write: the disk is full.", "Free space there."), (record.Failure!.Cause, record.Failure.Remedy));
        Assert.Null(record.Failure.Detail);
    }
}
