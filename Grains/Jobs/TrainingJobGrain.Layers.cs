using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Reduction;
using ExplicitCluster.Abstractions.Shards;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Abstractions.Texts;
using ExplicitCluster.Grains.Hosting;
using ExplicitCluster.Grains.Layers;
using ExplicitCluster.Grains.Refinement;
using ExplicitCluster.Grains.Shards;
using ExplicitCluster.Grains.Texts;
using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Solution;

namespace ExplicitCluster.Grains.Jobs;

/// <summary>
/// The layers below, from the bottom up. Each is solved as the top is: its rows are counted by shards, summed by reducers, and K and alpha chosen where
/// several are given; where it is to be refined, that follows, on its own loss, before anything stands on it. The statistics of a layer above are named by the content of those below, and its rows are made anew from the sources wherever
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
            var rows = layer.Text is { } text ? await TextLayerPlanAsync(plan, layer, text, cancellationToken) : Over(plan, features);
            var passes = layer.Targets is { Subclasses: > 0 } ? await FindSubclassesAsync(rows, layer, cancellationToken) : [];
            var below = LayerPlanOf(rows, layer, passes);
            var totals = await AccumulateAsync(below, cancellationToken);
            var (merged, sha256) = await ReduceAsync(below, totals, cancellationToken);
            var choice = await ChooseAsync(below, merged, cancellationToken);
            await WriteAsync(_record!); // what was chosen
            var settings = layer with { Features = features, Solve = layer.Solve with { K = [choice.K], Alpha = [choice.Alpha] } };
            var refined = layer.Refine.Method == RefineMethod.None ? null : await RefineLayerAsync(below, merged, choice, cancellationToken);
            solved.Add(new SolvedLayer(solved.Count + 1, settings, merged, sha256)
            {
                Passes = passes,
                Vocabulary = below.Vocabulary?.Name,
                VocabularySha256 = below.Vocabulary?.Sha256,
                Moves = refined?.Name,
                MovesSha256 = refined?.Sha256,
                Step = refined?.Step ?? 0,
            });
            results.Add(new LayerResult(solved.Count, merged.Inputs, choice.K, choice.Alpha, sha256, totals.Count(shard => shard.Reused), choice.Grid)
            {
                Targets = layer.Targets,
                Passes = [.. passes.Select(pass => pass.StatisticsSha256)],
                Refined = refined,
            });
        }
        if (_record!.Checkpoint is { Layer: > 0 })
            _record = _record with { Checkpoint = null }; // written with the next stage
        var top = solved.Count == 0 ? plan : Over(plan, LayerMaps.Resolve(Specification.Features, solved), byGroup: Specification.Solve.ByGroup) with { Layers = [.. solved] };
        return (top, results.ToImmutable());
    }

    /// <summary>
    /// The rounds of a layer as those of the top; then the layer is an artifact of its own, and whoever comes upon that goes on from there. Of sub-classes those without
    /// rows take no part.
    /// </summary>
    private async Task<RefinedLayer> RefineLayerAsync(JobPlan plan, MergedStatistics merged, JobChoice choice, CancellationToken cancellationToken)
    {
        var layer = plan.Layer!;
        var name = RefinedLayers.NameOf(layer, merged, choice, Specification.Seed);
        if (await RefinedLayers.FindAsync(store, name, cancellationToken) is { } stored)
            return stored;
        var classes = merged.Labels.Length;
        if (plan.Subclasses is { } subclasses)
            merged = SubclassNames.WithRows(merged, subclasses.Count);
        var end = (await RefineAsync(plan, merged, choice, cancellationToken))!;
        _progress.Ended([]); // those of the next layer count from 1
        return await Failures.Translate(() => gate.RunAsync(
            async token =>
            {
                var moves = layer.Refine.Method == RefineMethod.Sweeps
                    ? await RefinedLayers.OfSweepsAsync(store, await SweepTables.GetAsync(shared, store, SweepWorkOf(plan, merged), token), merged, new SolveSettings(choice.K, choice.Alpha, layer.Solve.Beta), layer.Refine.Sweeps, end, token)
                    : await RefinedLayers.OfAveragingAsync(store, await AveragingTables.GetAsync(shared, store, AveragingWorkOf(plan, merged, choice), token), merged, choice.K, end, token);
                if (!merged.Columns.IsEmpty)
                    moves = moves.Among(merged.Columns, classes);
                return await RefinedLayers.WriteAsync(store, name, layer.Refine.Method, moves, end, token);
            },
            cancellationToken));
    }

    /// <summary>
    /// Expectation maximisation in closed form: each pass tells the rows into the sub-classes of their labels by the statistics of the pass before, and
    /// counts them so. Gives all passes but the last, whose statistics are the layer's.
    /// </summary>
    private async Task<ImmutableArray<SolvedPass>> FindSubclassesAsync(JobPlan rows, LayerSpecification layer, CancellationToken cancellationToken)
    {
        ImmutableArray<SolvedPass> passes = [];
        while (passes.Length < layer.Targets!.Passes)
        {
            var pass = LayerPlanOf(rows, layer, passes);
            var (merged, sha256) = await ReduceAsync(pass, await AccumulateAsync(pass, cancellationToken), cancellationToken);
            passes = passes.Add(new SolvedPass(merged, sha256));
        }
        return passes;
    }

    /// <summary>The plan of a layer, or of one of its passes.</summary>
    private JobPlan LayerPlanOf(JobPlan rows, LayerSpecification layer, ImmutableArray<SolvedPass> passes)
    {
        var plan = rows with { Layer = layer };
        return layer.Targets is { Subclasses: > 0 } targets ? BySubclasses(plan, new SubclassWork(targets.Subclasses, targets.Seed, layer.Solve.Alpha[0], passes)) : plan;
    }

    /// <summary>The same rows counted by sub-classes of their labels.</summary>
    private static JobPlan BySubclasses(JobPlan plan, SubclassWork subclasses)
    {
        var hash = SpecificationHash.Of(plan.SpecificationHash, subclasses);
        return plan with
        {
            SpecificationHash = hash,
            Subclasses = subclasses,
            Train = [.. plan.Train.Select(work => work with { StatisticsName = $"statistics/{hash}/{work.Shard.Hash}", Subclasses = subclasses })],
        };
    }

    /// <summary>The same rows under other features, all together or each by itself.</summary>
    private JobPlan Over(JobPlan plan, ImmutableArray<FeatureMapSpecification> features, bool byGroup = false)
    {
        var (hash, testHash) = (SpecificationHash.Of(features, Specification.HoldsOut, Specification.Data.WithoutFold), SpecificationHash.Of(features));
        return plan with
        {
            SpecificationHash = hash,
            Features = features,
            Encoder = FeatureMaps.EncoderOf(features, plan.Encoder.Shape, byGroup),
            Train = [.. plan.Train.Select(work => Work(work, hash))],
            Test = [.. plan.Test.Select(work => Work(work, testHash))],
        };

        ShardWork Work(ShardWork work, string name) => work with { Features = features, StatisticsName = $"statistics/{name}/{work.Shard.Hash}" };
    }

    /// <summary>The rows of a layer over texts, once their features are counted.</summary>
    private async Task<JobPlan> TextLayerPlanAsync(JobPlan plan, LayerSpecification layer, TextSpecification text, CancellationToken cancellationToken)
    {
        var vocabulary = await VocabularyAsync(text, plan.Sources, Specification.HoldsOut, JobStage.Layers, cancellationToken);
        var hash = TextFeatures.StatisticsHash(text, vocabulary.Sha256, Specification.HoldsOut);
        CheckSize(vocabulary, plan.Labels.Length * Math.Max(1, layer.Targets?.Subclasses ?? 1));
        _planned = TextMemory.WithLayer(_planned!, vocabulary, layer, plan, Specification.Seed, options.Value) with { IsEstimate = false };
        _progress.Planned(_planned); // features are counted when a layer's turn comes
        MemoryPlanner.Check(_planned);
        return plan with
        {
            SpecificationHash = hash,
            Encoder = RowEncoder.OfSparse(vocabulary.Layout),
            Vocabulary = vocabulary,
            Train = [.. plan.Train.Select(Work)],
            Test = [.. plan.Test.Select(Work)],
        };

        ShardWork Work(ShardWork work) => work with { Features = [], Text = new TextWork(text, vocabulary.Name), StatisticsName = $"statistics/{hash}/{work.Shard.Hash}" };
    }

    /// <summary>What the layer of a plan, or the top, is solved with.</summary>
    private SolveSpecification SolveOf(JobPlan plan) => plan.Layer?.Solve ?? Specification.Solve;

    /// <summary>What refines it.</summary>
    private RefineSpecification RefineOf(JobPlan plan) => plan.Layer?.Refine ?? Specification.Refine;

    private int CompactOf(JobPlan plan) => plan.Layer is null ? Specification.Compact : 1;

    /// <summary>From 1; 0 is the top.</summary>
    private int NumberOf(JobPlan plan) => plan.Layer is null ? 0 : Specification.Layers.IndexOf(plan.Layer) + 1;

    private static JobStage StageOf(JobPlan plan, JobStage stage) => plan.Layer is null ? stage : JobStage.Layers;
}
