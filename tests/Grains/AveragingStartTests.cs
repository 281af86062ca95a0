using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Grains.Models;

namespace ExplicitCluster.Grains.Tests;

/// <summary>Averaging from other starts than the explicit solution, and what is measured of every one.</summary>
public sealed class AveragingStartTests : IDisposable
{
    private readonly SmallImages _images = new(wrong: 0.3);

    public void Dispose() => _images.Dispose();

    [Fact]
    public async Task Each_start_is_where_it_says_and_is_measured_against_the_explicit_solution()
    {
        await using var silo = await TestSilo.StartAsync(_images.Store);
        var explicitly = await StartOfAsync(silo, AveragingStart.Explicit);
        Assert.Equal((0, 1), (explicitly.ToExplicit!.Distance, Math.Round(explicitly.ToExplicit.Cosine!.Value, 12)));

        var zero = await StartOfAsync(silo, AveragingStart.Zero);
        Assert.Equal(Math.Log(3), zero.TrainCrossEntropy, 1e-9);
        Assert.Equal(Math.Log(3), zero.TestCrossEntropy!.Value, 1e-9);
        Assert.Null(zero.ToExplicit!.Cosine);

        var random = await StartOfAsync(silo, AveragingStart.Random);
        Assert.Equal(Math.Log(3), random.TrainCrossEntropy, 0.2);
        Assert.NotEqual(zero.TrainCrossEntropy, random.TrainCrossEntropy);
        Assert.Equal(0, random.ToExplicit!.Cosine!.Value, 0.3);
        Assert.True(random.ToExplicit.Distance > zero.ToExplicit.Distance, $"{random} after {zero}");
        Assert.InRange(explicitly.GradientNorm!.Value, 1e-6, zero.GradientNorm!.Value);
    }

    [Fact]
    public async Task A_random_start_has_the_same_bits_on_any_shards_and_another_seed_gives_others()
    {
        await using var silo = await TestSilo.StartAsync(_images.Store);
        var specification = SpecificationOf(AveragingStart.Random);
        var once = await silo.SolveAsync(specification);
        var again = await silo.SolveAsync(specification with { Data = specification.Data with { ShardRows = 700 } });
        var other = await silo.SolveAsync(specification with { Seed = 2 });
        Assert.Equal(once.WeightsSha256, again.WeightsSha256);
        Assert.Equal(once.RefinementStart! with { GradientNorm = null }, again.RefinementStart! with { GradientNorm = null });
        Assert.NotEqual(once.RefinementStart!.TrainCrossEntropy, other.RefinementStart!.TrainCrossEntropy);
        Assert.All(once.Refinement, round => Assert.True(round is { ToExplicit.Cosine: not null, StepSeconds: > 0 } && round.StepSeconds <= round.Seconds, round.ToString()));
        var model = await ModelFolder.ReadAsync(silo.Store, once.ModelPath, CancellationToken.None);
        Assert.Equal(AveragingStart.Random, model.Lineage.Refinement!.Start!.Start);
    }

    private async Task<RefinementStart> StartOfAsync(TestSilo silo, AveragingStart start) => (await silo.SolveAsync(SpecificationOf(start))).RefinementStart!;

    private JobSpecification SpecificationOf(AveragingStart start) => _images.Specification(SmallImages.Bins) with
    {
        Solve = new SolveSpecification { K = [4], Alpha = [.01] },
        Refine = new RefineSpecification
        {
            Method = RefineMethod.Averaging,
            Workers = 3,
            Averaging = new AveragingSpecification { Rounds = 2, Batch = 16, LearningRate = 0.005, Start = start, Gradient = true },
        },
    };
}
