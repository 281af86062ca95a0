using System.Collections.Immutable;
using System.Diagnostics;
using ExplicitCluster.Abstractions.Errors;
using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Reduction;
using ExplicitCluster.Abstractions.Shards;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Data.Sources;
using ExplicitCluster.Grains.Hosting;
using ExplicitCluster.Grains.Language;
using ExplicitCluster.Grains.Layers;
using ExplicitCluster.Grains.Models;
using ExplicitCluster.Grains.Reduction;
using ExplicitCluster.Grains.Refinement;
using ExplicitCluster.Grains.Shards;
using ExplicitCluster.Numerics.Metrics;
using ExplicitCluster.Numerics.Selection;

namespace ExplicitCluster.Grains.Jobs;

/// <summary>The table of contents: dataset, shards, statistics, reduction, explicit solution, model.</summary>
internal sealed partial class TrainingJobGrain
{
    private readonly Dictionary<JobStage, double> _seconds = [];
    private MemoryPlan? _planned;

    private JobSpecification Specification => _record!.Specification;

    private async Task<JobResult> RunStagesAsync(CancellationToken cancellationToken)
    {
        if (Specification.Text is not null)
            return await RunTextStagesAsync(cancellationToken);
        if (Specification.Language is not null)
            return await RunLanguageStagesAsync(cancellationToken);
        if (Specification.Grid is not null)
            return await RunGridStagesAsync(Specification.Grid, cancellationToken);
        if (Specification.Curve is not null)
            return await RunCurveStagesAsync(Specification.Curve, cancellationToken);
        if (Specification.Solve.ByGroup)
            return await RunMixedStagesAsync(cancellationToken);
        var total = Stopwatch.GetTimestamp();
        var plan = await StageAsync(JobStage.Plan, () => PlanAsync(cancellationToken));
        (plan, var layers) = await StageAsync(JobStage.Layers, () => SolveLayersAsync(plan, cancellationToken));
        var totals = await StageAsync(JobStage.Accumulate, () => AccumulateAsync(plan, cancellationToken));
        var (merged, statisticsSha256) = await StageAsync(JobStage.Reduce, () => ReduceAsync(plan, totals, cancellationToken));
        var choice = await StageAsync(JobStage.Choose, () => ChooseAsync(plan, merged, cancellationToken));
        var parts = await StageAsync(JobStage.Solve, () => SolveAsync(plan, merged, choice, cancellationToken));
        var refined = await StageAsync(JobStage.Refine, () => RefineAsync(plan, merged, choice, cancellationToken));
        var model = await StageAsync(JobStage.Publish, () => PublishAsync(plan, merged, statisticsSha256, choice, parts, refined, cancellationToken));
        var (train, test) = await StageAsync(JobStage.Evaluate, () => EvaluateAsync(plan, model, cancellationToken));
        var result = await ResultAsync(total, plan, merged, choice, model, totals.Count(shard => shard.Reused), train, test, cancellationToken);
        return result with
        {
            Refinement = refined is null ? [] : WithTest(refined.Rounds, test),
            RefinementStart = refined?.Start,
            Layers = layers,
        };
    }

    /// <summary>Sources are hashed and, where they cannot be read in ranges, decoded into the store; then cut into shards. Gives the work list.</summary>
    private async Task<JobPlan> PlanAsync(CancellationToken cancellationToken)
    {
        _progress.Begin(JobStage.Plan, 0, 0);
        if (Specification.Data.WithoutFold is not null && Specification.Refines)
            throw new JobException("data.withoutFold leaves rows out of the counts, and a refinement would learn from them", "remove data.withoutFold, or set refine.method: none");
        if (Specification.Data.WithoutFold is not null && Specification.Layers.Any(layer => layer.Text is not null))
            throw new JobException("data.withoutFold leaves rows of numbers out of the counts, and a layer stands on texts", "remove data.withoutFold");
        if (await OutlineAsync(Specification.Data.Train, cancellationToken) is { } outline)
        {
            var testOutline = EvaluatesRounds ? await OutlineAsync(Specification.Data.Test, cancellationToken) : null;
            CheckMemory(outline, testOutline?.Rows ?? 0);
        }
        foreach (var tokens in Specification.Tokens)
            await Failures.Translate(() => Tokenizers.EnsureAsync(store, tokens, cancellationToken));
        var train = await OpenAsync(Specification.Data.Train, cancellationToken);
        var test = Specification.Evaluate == EvaluateRows.None ? [] : await OpenAsync(Specification.Data.Test, cancellationToken);
        if (Specification.Layers.Select(layer => layer.Text).OfType<TextSpecification>().FirstOrDefault() is { } text)
            CheckHolds(text, train.Concat(test));
        var shape = train[0].Shape;
        SourceAgreement.Check(train, test);
        var labels = train.SelectMany(source => source.Labels).Distinct(StringComparer.Ordinal).Count();
        var features = LayerMaps.Outline(Specification, labels).Features;
        var plan = new JobPlan(
            SpecificationHash.Of(features, Specification.HoldsOut, Specification.Data.WithoutFold),
            train,
            FeatureMaps.EncoderOf(features, shape, Specification.Solve.ByGroup),
            WorkOf(train, features, Specification.HoldsOut, Specification.Data.WithoutFold),
            WorkOf(test, features, leavesOutHeldOut: false, withoutFold: null))
        {
            Features = features,
        };
        CheckMemory(new SourceOutline(shape, plan.Rows, labels), plan.Test.Sum(work => (long)work.Shard.Rows));
        return plan;
    }

    /// <summary>Whether workers hold test rows, to evaluate every round on.</summary>
    private bool EvaluatesRounds => Specification.Evaluate != EvaluateRows.None
        && Specification.Layers.Select(layer => layer.Refine).Append(Specification.Refine).Any(refine => refine.Method == RefineMethod.Averaging);

    /// <summary>Sources together, before their rows are read; null where there are none or even their first lines tell nothing.</summary>
    private async Task<SourceOutline?> OutlineAsync(ImmutableArray<SourceSpecification> sources, CancellationToken cancellationToken)
    {
        SourceOutline? all = null;
        foreach (var source in sources)
        {
            if (await Failures.Translate(() => gate.RunAsync(token => reader.OutlineAsync(source, token), cancellationToken)) is not { } one)
                return null;
            all = all is null ? one : all with { Rows = all.Rows + one.Rows, Labels = Math.Max(all.Labels, one.Labels), IsEstimate = all.IsEstimate || one.IsEstimate };
        }
        return all;
    }

    /// <summary>Watchers see the plan once, and again where the first one was an estimate that turns out to be off by a tenth.</summary>
    private void CheckMemory(SourceOutline outline, long testRows)
    {
        var memory = LayerMemory.PlanOf(Specification, outline.Shape, outline.Rows, testRows, outline.Labels, options.Value) with
        {
            IsEstimate = outline.IsEstimate || Specification.Layers.Any(layer => layer.Text is not null), // whose features nobody has counted yet
        };
        if (_planned is null || (_planned.IsEstimate && 10 * Math.Abs(_planned.TotalBytes - memory.TotalBytes) > memory.TotalBytes))
            _progress.Planned(memory);
        _planned = memory;
        MemoryPlanner.Check(memory);
    }

    /// <summary>Shard grains count F over their rows, in parallel; each shard's statistics are an artifact named by what they were computed from.</summary>
    private async Task<ShardTotals[]> AccumulateAsync(JobPlan plan, CancellationToken cancellationToken)
    {
        var before = await StoredAsync(plan.Train[0].StatisticsName, cancellationToken);
        var totals = await ForEachShardAsync(
            StageOf(plan, JobStage.Accumulate), [("train", plan.Train)], (shard, work, token) => shard.AccumulateAsync(work, token), cancellationToken);
        return [.. totals.Select((shard, i) => shard with { Reused = shard.Reused && before.Contains(plan.Train[i].StatisticsName) })];
    }

    /// <summary>What the store has beside an artifact before a stage begins: of a piece that is taken over, both silos may have made the artifact, and the second finds the first's.</summary>
    private async Task<HashSet<string>> StoredAsync(string name, CancellationToken cancellationToken) =>
        await store.ListAsync(name[..(name.LastIndexOf('/') + 1)], cancellationToken).ToHashSetAsync(StringComparer.Ordinal, cancellationToken);

    /// <summary>Reducer grains sum F over the shards in shard order, a tile each. Gives the merged statistics and their hash.</summary>
    private async Task<(MergedStatistics, string Sha256)> ReduceAsync(JobPlan plan, ShardTotals[] shards, CancellationToken cancellationToken)
    {
        ShardTotals[] byLabel = plan.Subclasses is { } of ? [.. shards.Select(shard => SubclassNames.ByLabel(shard, of.Count))] : shards;
        var labels = await RemainingLabels.OfAsync(plan, byLabel, (work, token) => Failures.Translate(() => gate.RunAsync(inner => LabelsOfAsync(work, inner), token)), cancellationToken);
        var totals = LabelTotals.Of(labels, byLabel);
        if (totals.Rows.IndexOf(0) is >= 0 and var empty && SolveOf(plan).Beta == 0)
        {
            var leavesOut = Specification.HoldsOut || Specification.Data.WithoutFold is not null;
            throw new JobException(
                $"every row of label '{labels[empty]}' has zero norm{(leavesOut ? " or is held out" : "")}: the label has no evidence, and its prior is log 0",
                $"set solve.beta above 0, or remove the rows{(Specification.HoldsOut ? ", or set refine.holdOut: false" : "")}");
        }
        if (plan.Subclasses is { } subclasses)
        {
            labels = SubclassNames.Of(labels, subclasses.Count);
            totals = LabelTotals.Of(labels, shards);
        }
        var union = SpecificationHash.Sha256(string.Join('\n', plan.Train.Select(work => work.Shard.Hash)));
        var merged = new MergedStatistics(
            $"statistics/{plan.SpecificationHash}/merged-{union}",
            labels,
            TilePlan.TilesOf(plan.Encoder.Layout, labels.Length),
            plan.Encoder.Layout.Inputs,
            totals.Rows,
            totals.Mass,
            totals.ZeroRows);
        merged = ClassWeighting.With(merged, SolveOf(plan).ClassWeights, plan.Encoder.Layout, Specification.Text?.Temperatures is not null);
        _progress.Begin(StageOf(plan, JobStage.Reduce), merged.Tiles.Length, 0);
        var names = plan.Train.Select(work => work.StatisticsName).ToImmutableArray();
        var tiles = await ForEachTileAsync(merged, (reducer, tile, token) => reducer.ReduceAsync(new ReduceWork(names, merged, tile), token), cancellationToken);
        var sha256 = StatisticsHash.Of(labels, tiles.SelectMany(tile => tile.Blocks));
        return (merged, plan.Vocabulary is { } vocabulary ? SpecificationHash.Sha256($"{sha256}\nvocabulary {vocabulary.Sha256}") : sha256);
    }

    /// <summary>Labels of a shard's rows that count, as codes of its source.</summary>
    private async Task<int[]> LabelsOfAsync(ShardWork work, CancellationToken cancellationToken)
    {
        var rows = (int)(work.Shard.LastRow - work.Shard.FirstRow + 1);
        return work.Source.Texts is not null || work.Source.Sparse is not null
            ? (await reader.ReadKeptDocumentsAsync(work.Source, work.Shard.FirstRow, rows, cancellationToken)).Labels
            : (await reader.ReadKeptAsync(work.Source, work.Shard.FirstRow, rows, cancellationToken)).Labels;
    }

    /// <summary>Where several K or alpha are given: one more pass in which shard grains score their rows, each left out, under the whole grid.</summary>
    private async Task<JobChoice> ChooseAsync(JobPlan plan, MergedStatistics merged, CancellationToken cancellationToken)
    {
        var solve = SolveOf(plan);
        if (StartsAtPrior(plan))
            return new JobChoice(merged.Name, 1, plan.Subclasses?.Alpha ?? RefineOf(plan).Sweeps.Alpha, []); // what rows were told into sub-classes by stays with the layer
        if (!solve.HasChoice)
            return new JobChoice(merged.Name, solve.K[0], solve.Alpha[0], []);
        // Two layers may stand on the same statistics and yet try other settings.
        var name = plan.Layer is null ? merged.Name : $"{merged.Name} layer {NumberOf(plan)}";
        if (_record!.LayerChoices.Append(_record.Choice).FirstOrDefault(choice => choice?.Statistics == name) is { } made)
            return made;
        if (solve.Alpha[0] == 0)
            throw new JobException("leave-one-out cannot try alpha 0: a count of 1 leaves log 0", "set solve.alpha above 0");
        var work = new ChoiceWork(merged, solve);
        var losses = await ForEachShardAsync(
            StageOf(plan, JobStage.Choose), [("train", plan.Train)], (shard, rows, token) => shard.ChooseAsync(rows, work, token), cancellationToken);
        var grid = new GridLoss(solve.K, solve.Alpha);
        foreach (var loss in losses)
            grid.Add(new GridLoss(solve.K, solve.Alpha) { Rows = loss.Rows, Losses = [.. loss.Losses] });
        if (grid.Rows == 0)
            throw new JobException("leave-one-out has no row to choose by: every class has one row, or every row has zero norm", "give solve.k and solve.alpha as numbers");
        var (k, alpha) = grid.Choose();
        var points = solve.Alpha.SelectMany((a, i) => solve.K.Select((candidate, j) => new GridPoint(candidate, a, grid.CrossEntropy(i, j))));
        var choice = new JobChoice(name, k, alpha, [.. points]);
        // Written with the next stage.
        _record = plan.Layer is null ? _record with { Choice = choice } : _record with { LayerChoices = _record.LayerChoices.Add(choice) };
        return choice;
    }

    /// <summary>Reducer grains turn their tiles of F into tiles of weights. Gives the SHA-256 of each part.</summary>
    private async Task<string[]> SolveAsync(JobPlan plan, MergedStatistics merged, JobChoice choice, CancellationToken cancellationToken)
    {
        if (Specification.Refine.Method != RefineMethod.None)
            return []; // workers and reducers form their start themselves
        if (Specification.Compact > 1)
            return []; // which codes are one is a matter of whole blocks: solved when it is published
        _progress.Begin(JobStage.Solve, merged.Tiles.Length, 0);
        var layout = FeatureMaps.KeyOf(plan.Features, plan.Encoder.Shape);
        var weights = await ForEachTileAsync(
            merged,
            (reducer, tile, token) => reducer.SolveAsync(
                new SolveWork(merged, tile, layout, choice.K, choice.Alpha, Specification.Solve.Beta, JobFolder.WeightsPartName(Id, _record!.Attempts, tile)), token),
            cancellationToken);
        return [.. weights.Select(tile => tile.Sha256)];
    }

    /// <summary>The parts become one safetensors file, with model.json beside it.</summary>
    private Task<ModelDescription> PublishAsync(
        JobPlan plan, MergedStatistics merged, string statisticsSha256, JobChoice choice, string[] parts, RefinementCheckpoint? refined, CancellationToken cancellationToken)
    {
        _progress.Begin(JobStage.Publish, 0, 0);
        var publication = new Publication(_record!, plan, merged, statisticsSha256, choice);
        return gate.RunAsync(
            async token => (refined, Specification.Refine.Method) switch
            {
                (null, _) when Specification.Compact > 1 => await publication.WriteCompactedAsync(store, token),
                (null, _) => await publication.WriteSolutionAsync(store, parts, token),
                (_, RefineMethod.Sweeps) => await publication.WriteSweptAsync(store, await SweepTables.GetAsync(shared, store, SweepWorkOf(plan, merged), token), refined, token),
                _ => await publication.WriteAveragedAsync(store, await AveragingTables.GetAsync(shared, store, AveragingWorkOf(plan, merged, choice), token), refined, token),
            },
            cancellationToken);
    }

    /// <summary>Shard grains evaluate the stored weights.</summary>
    private async Task<(EvaluationReport? Train, EvaluationReport? Test)> EvaluateAsync(JobPlan plan, ModelDescription model, CancellationToken cancellationToken)
    {
        var train = Specification.Evaluate == EvaluateRows.All ? plan.Train : [];
        var test = Specification.Evaluate == EvaluateRows.None ? [] : plan.Test;
        var path = ModelFolder.PathOf(model.Name, model.Version);
        var counts = await ForEachShardAsync(
            JobStage.Evaluate, [("train", train), ("test", test)], (shard, work, token) => shard.EvaluateAsync(work, path, token), cancellationToken);
        return (ReportOf(counts[..train.Length], model.Labels.Length), ReportOf(counts[train.Length..], model.Labels.Length));
    }

    private static EvaluationReport? ReportOf(EvaluationCounts[] shards, int classes)
    {
        var sum = new Evaluation(classes);
        foreach (var shard in shards)
            sum.Add(EvaluationReports.EvaluationOf(shard, classes));
        return sum.Rows + sum.UnknownRows == 0 ? null : EvaluationReports.ReportOf(sum);
    }

    /// <summary>Whether no explicit solution is needed at all.</summary>
    private bool StartsAtPrior(JobPlan plan) => RefineOf(plan) is { Method: RefineMethod.Sweeps, Sweeps.Start: SweepStart.Prior };

    /// <summary>The rounds, the last with the test figures of the model that it made.</summary>
    private static ImmutableArray<RefinementRound> WithTest(ImmutableArray<RefinementRound> rounds, EvaluationReport? test) => test is null || rounds.IsEmpty || rounds[^1].TestAccuracy is not null
        ? rounds
        : rounds.SetItem(rounds.Length - 1, rounds[^1] with { TestCrossEntropy = test.CrossEntropy, TestAccuracy = test.Accuracy });

    private async Task<T> StageAsync<T>(JobStage stage, Func<Task<T>> run)
    {
        var start = Stopwatch.GetTimestamp();
        await WriteAsync(_record! with { Stage = stage });
        var result = await run();
        _seconds[stage] = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return result;
    }
}
