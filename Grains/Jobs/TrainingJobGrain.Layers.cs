using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Shards;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Grains.Layers;
using ExplicitCluster.Grains.Shards;

namespace ExplicitCluster.Grains.Jobs;

/// <summary>
/// The layers below, from the bottom up. Each is solved as the top is: its rows are counted by shards, summed by reducers, and K and alpha chosen where
/// several are given. The statistics of a layer above are named by the content of those below, and its rows are made anew from the sources wherever
/// they are needed.
/// </summary>
internal sealed partial class TrainingJobGrain
{
    /// <summary>Gives the plan of the top, with the layers that it stands on.</summary>
    private async Task<(JobPlan Top, ImmutableArray<LayerResult> Layers)> SolveLayersAsync(JobPlan plan, CancellationToken cancellationToken)
    {
        var solved = new List<SolvedLayer>();
        var results = ImmutableArray.CreateBuilder<LayerResult>();
        foreach (var layer in Specification.Layers)
        {
            var features = LayerMaps.Resolve(layer.Features, solved);
            var passes = layer.Targets is { Subclasses: > 0 } ? await FindSubclassesAsync(plan, layer, features, cancellationToken) : [];
            var below = LayerPlanOf(plan, layer, features, passes);
            var totals = await AccumulateAsync(below, cancellationToken);
            var (merged, sha256) = await ReduceAsync(below, totals, cancellationToken);
            var choice = await ChooseAsync(below, merged, cancellationToken);
            await WriteAsync(_record!); // what was chosen
            var settings = layer with { Features = features, Solve = layer.Solve with { K = [choice.K], Alpha = [choice.Alpha] } };
            solved.Add(new SolvedLayer(solved.Count + 1, settings, merged, sha256) { Passes = passes });
            results.Add(new LayerResult(solved.Count, merged.Inputs, choice.K, choice.Alpha, sha256, totals.Count(shard => shard.Reused), choice.Grid)
            {
                Targets = layer.Targets,
                Passes = [.. passes.Select(pass => pass.StatisticsSha256)],
            });
        }
        var top = solved.Count == 0 ? plan : Over(plan, LayerMaps.Resolve(Specification.Features, solved), byGroup: Specification.Solve.ByGroup) with { Layers = [.. solved] };
        return (top, results.ToImmutable());
    }

    /// <summary>
    /// Expectation maximisation in closed form: each pass tells the rows into the sub-classes of their labels by the statistics of the pass before, and
    /// counts them so. Gives all passes but the last, whose statistics are the layer's.
    /// </summary>
    private async Task<ImmutableArray<SolvedPass>> FindSubclassesAsync(
        JobPlan plan, LayerSpecification layer, ImmutableArray<FeatureMapSpecification> features, CancellationToken cancellationToken)
    {
        ImmutableArray<SolvedPass> passes = [];
        while (passes.Length < layer.Targets!.Passes)
        {
            var pass = LayerPlanOf(plan, layer, features, passes);
            var (merged, sha256) = await ReduceAsync(pass, await AccumulateAsync(pass, cancellationToken), cancellationToken);
            passes = passes.Add(new SolvedPass(merged, sha256));
        }
        return passes;
    }

    /// <summary>The plan of a layer, or of one of its passes.</summary>
    private JobPlan LayerPlanOf(JobPlan plan, LayerSpecification layer, ImmutableArray<FeatureMapSpecification> features, ImmutableArray<SolvedPass> passes) =>
        Over(plan, features, layer.Targets is { Subclasses: > 0 } targets ? new SubclassWork(targets.Subclasses, targets.Seed, layer.Solve.Alpha[0], passes) : null) with { Layer = layer };

    /// <summary>The same rows under other features, all together or each by itself.</summary>
    private JobPlan Over(JobPlan plan, ImmutableArray<FeatureMapSpecification> features, SubclassWork? subclasses = null, bool byGroup = false)
    {
        var (hash, testHash) = (SpecificationHash.Of(features, Specification.HoldsOut, Specification.Data.WithoutFold, subclasses), SpecificationHash.Of(features));
        return plan with
        {
            SpecificationHash = hash,
            Features = features,
            Subclasses = subclasses,
            Encoder = FeatureMaps.EncoderOf(features, plan.Encoder.Shape, byGroup),
            Train = [.. plan.Train.Select(work => Work(work, hash))],
            Test = [.. plan.Test.Select(work => Work(work, testHash))],
        };

        ShardWork Work(ShardWork work, string name) => work with { Features = features, StatisticsName = $"statistics/{name}/{work.Shard.Hash}", Subclasses = subclasses };
    }

    /// <summary>What the layer of a plan, or the top, is solved with.</summary>
    private SolveSpecification SolveOf(JobPlan plan) => plan.Layer?.Solve ?? Specification.Solve;

    private static JobStage StageOf(JobPlan plan, JobStage stage) => plan.Layer is null ? stage : JobStage.Layers;
}
