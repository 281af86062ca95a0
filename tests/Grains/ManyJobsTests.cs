using System.Globalization;
using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Specifications;

namespace ExplicitCluster.Grains.Tests;

/// <summary>A silo under many jobs, and a job of many shards.</summary>
public sealed class ManyJobsTests : IDisposable
{
    private const int Jobs = 64;

    private readonly SmallImages _images = new();
    private readonly SmallImages _alone = new();

    public void Dispose()
    {
        _images.Dispose();
        _alone.Dispose();
    }

    [Fact]
    public async Task Sixty_four_jobs_at_once_end_each_with_its_own_model()
    {
        var expected = new List<JobResult>();
        await using (var alone = await TestSilo.StartAsync(_alone.Store))
        {
            for (var i = 0; i < Jobs; i++)
                expected.Add(await alone.SolveAsync(SpecificationOf(_alone, i)));
        }
        Assert.Equal(Jobs, expected.Select(result => result.WeightsSha256).Distinct().Count());
        await using var silo = await TestSilo.StartAsync(_images.Store);
        var results = await Task.WhenAll(Enumerable.Range(0, Jobs).Select(i => silo.SolveAsync(SpecificationOf(_images, i))));
        for (var i = 0; i < Jobs; i++)
        {
            Assert.Equal(expected[i].WeightsSha256, results[i].WeightsSha256);
            Assert.Equal(expected[i].StatisticsSha256, results[i].StatisticsSha256);
            Assert.Equal(expected[i].Test!.CrossEntropy, results[i].Test!.CrossEntropy);
        }
    }

    [Fact]
    public async Task A_job_of_a_shard_a_row_gives_the_bits_of_one_shard()
    {
        await using var silo = await TestSilo.StartAsync(_images.Store);
        var specification = _images.Specification(SmallImages.Pixels) with { Evaluate = EvaluateRows.None, Solve = new SolveSpecification { K = [4], Alpha = [.01] } };
        var whole = await silo.SolveAsync(specification with { Data = specification.Data with { ShardRows = SmallImages.Train } });
        var cut = await silo.SolveAsync(specification with { Data = specification.Data with { ShardRows = 1 } });
        Assert.Equal(SmallImages.Train, cut.Shards);
        Assert.Equal((whole.WeightsSha256, whole.StatisticsSha256), (cut.WeightsSha256, cut.StatisticsSha256));
    }

    /// <summary>Four feature maps, sixteen smoothings; half of the jobs choose K.</summary>
    private static JobSpecification SpecificationOf(SmallImages images, int i) => images.Specification([.. MapsOf(i % 4)]) with
    {
        Name = string.Create(CultureInfo.InvariantCulture, $"many-{i}"),
        Solve = new SolveSpecification { K = i % 8 < 4 ? [2, 4, 8] : [3], Alpha = [.01 * (1 + i / 4)] },
    };

    private static FeatureMapSpecification[] MapsOf(int kind) => kind switch
    {
        0 => [SmallImages.Pixels],
        1 => [SmallImages.Patches],
        2 => [SmallImages.Bins],
        _ => [SmallImages.Patches, SmallImages.Bins],
    };
}
