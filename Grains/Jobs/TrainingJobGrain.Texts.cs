using System.Collections.Immutable;
using System.Diagnostics;
using ExplicitCluster.Abstractions.Errors;
using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Reduction;
using ExplicitCluster.Abstractions.Shards;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Abstractions.Texts;
using ExplicitCluster.Data.Sources;
using ExplicitCluster.Grains.Hosting;
using ExplicitCluster.Grains.Language;
using ExplicitCluster.Grains.Models;
using ExplicitCluster.Grains.Refinement;
using ExplicitCluster.Grains.Texts;
using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Groups;
using ExplicitCluster.Numerics.Metrics;
using ExplicitCluster.Numerics.Selection;

namespace ExplicitCluster.Grains.Jobs;

/// <summary>The table of contents of a classifier of texts: documents, vocabulary, statistics, reduction, solution or layers with temperatures, model.</summary>
internal sealed partial class TrainingJobGrain
{
    private TextSpecification Text => Specification.Text!;

    private async Task<JobResult> RunTextStagesAsync(CancellationToken cancellationToken)
    {
        var total = Stopwatch.GetTimestamp();
        var (train, test) = await StageAsync(JobStage.Plan, () => OpenTextsAsync(cancellationToken));
        var chosen = await StageAsync(JobStage.Choose, () => ChooseOnHeldOutAsync(train, cancellationToken));
        var plan = await StageAsync(JobStage.Vocabulary, () => CountFeaturesAsync(train, test, Specification.HoldsOut, cancellationToken));
        var totals = await StageAsync(JobStage.Accumulate, () => AccumulateTextsAsync(plan, cancellationToken));
        var (merged, statisticsSha256) = await StageAsync(JobStage.Reduce, () => ReduceAsync(plan, totals, cancellationToken));
        var choice = chosen with { Statistics = merged.Name };
        var parts = await StageAsync(JobStage.Solve, () => Text.Temperatures is null ? SolveAsync(plan, merged, choice, cancellationToken) : Task.FromResult<string[]>([]));
        var (fitted, refined) = await StageAsync(
            JobStage.Refine, async () => (await FitAsync(plan, merged, cancellationToken), await RefineAsync(plan, merged, choice, cancellationToken)));
        var model = await StageAsync(JobStage.Publish, () => PublishTextAsync(plan, merged, statisticsSha256, choice, parts, fitted, refined, cancellationToken));
        var (trained, tested) = await StageAsync(JobStage.Evaluate, () => EvaluateTextsAsync(plan, model, cancellationToken));
        var result = await ResultAsync(total, plan, merged, choice, model, totals.Count(shard => shard.Reused), trained, tested, cancellationToken);
        return result with
        {
            ChosenOnHeldOut = !choice.Grid.IsEmpty,
            Refinement = refined is null ? [] : WithTest(refined.Rounds, tested),
            RefinementStart = refined?.Start,
        };
    }

    /// <summary>Sources are hashed and, where they cannot be read in ranges, decoded into the store. Every one must hold texts.</summary>
    private async Task<(ImmutableArray<SourceManifest> Train, ImmutableArray<SourceManifest> Test)> OpenTextsAsync(CancellationToken cancellationToken)
    {
        _progress.Begin(JobStage.Plan, 0, 0);
        if (Text.Tokens is { } tokens)
            await Failures.Translate(() => Tokenizers.EnsureAsync(store, tokens, cancellationToken));
        var train = await OpenAsync(Specification.Data.Train, cancellationToken);
        var test = Specification.Evaluate == EvaluateRows.None ? [] : await OpenAsync(Specification.Data.Test, cancellationToken);
        CheckHolds(Text, train.Concat(test));
        SourceAgreement.Check(train, test);
        return (train, test);
    }

    private static void CheckHolds(TextSpecification text, IEnumerable<SourceManifest> sources)
    {
        if (sources.FirstOrDefault(source => (source.Sparse is not null, source.IsText) != (text.IsSparse, !text.IsSparse)) is { } other)
        {
            throw new JobException(
                $"{other.Files[0].Path} holds {other.Holds}, and the features are of {(text.IsSparse ? "sparse rows" : "texts")}",
                text.IsSparse ? "use libsvm sources, or other features" : "name the column of texts, e.g. text: description, or use feature maps of numbers");
        }
    }

    /// <summary>
    /// Shard grains count the rows of every feature; together they give the vocabulary. Gives the work list: rows are encoded with that vocabulary, and what
    /// they are counted into is named by its content.
    /// </summary>
    private async Task<JobPlan> CountFeaturesAsync(
        ImmutableArray<SourceManifest> train, ImmutableArray<SourceManifest> test, bool holdsOut, CancellationToken cancellationToken)
    {
        var vocabulary = Text.FrozenVocabulary is null
            ? await VocabularyAsync(Text, train, holdsOut, JobStage.Vocabulary, cancellationToken)
            : await Failures.Translate(() => gate.RunAsync(token => FrozenVocabulary.FindAsync(store, Text, token), cancellationToken));
        var hash = TextFeatures.StatisticsHash(Text, vocabulary.Sha256, holdsOut);
        var plan = new JobPlan(
            hash,
            train,
            RowEncoder.OfSparse(vocabulary.Layout),
            TextWorkOf(Text, train, vocabulary.Name, $"statistics/{hash}", holdsOut),
            TextWorkOf(Text, test, vocabulary.Name, $"statistics/{hash}", holdsOut: false))
        {
            Vocabulary = vocabulary,
        };
        var memory = TextMemory.PlanOf(Specification, vocabulary, plan, options.Value);
        if (_planned is null)
            _progress.Planned(memory);
        _planned = memory;
        MemoryPlanner.Check(memory);
        CheckSize(vocabulary, plan.Labels.Length);
        return plan;
    }

    /// <exception cref="JobException">More numbers than an array holds.</exception>
    private static void CheckSize(StoredVocabulary vocabulary, int classes)
    {
        if ((long)vocabulary.Layout.Inputs * classes > Array.MaxLength)
        {
            throw new JobException(
                $"{vocabulary.Layout.Inputs:N0} features and {classes:N0} labels make more than {Array.MaxLength:N0} weights", "hash into fewer buckets, or raise features.minRows");
        }
    }

    /// <summary>The features of the training rows, counted by the shards; nothing is counted where all groups are hashed.</summary>
    private async Task<StoredVocabulary> VocabularyAsync(
        TextSpecification text, ImmutableArray<SourceManifest> train, bool holdsOut, JobStage stage, CancellationToken cancellationToken)
    {
        var folder = $"vocabularies/{TextFeatures.VocabularyHash(text, holdsOut)}";
        var counted = text.Groups.All(group => group.HashBits > 0) ? [] : TextWorkOf(text, train, "", folder, holdsOut);
        var union = SpecificationHash.Sha256(string.Join('\n', counted.Select(work => work.Shard.Hash)));
        var name = $"{folder}/merged-{union}";
        if (await store.StatAsync(name, cancellationToken) is null)
        {
            await ForEachTextShardAsync(stage, [("train", counted)], async (shard, work, token) =>
            {
                await shard.CountFeaturesAsync(work, token);
                return true;
            }, cancellationToken);
        }
        return await Failures.Translate(() => gate.RunAsync(
            token => StoredVocabulary.MergeAsync(store, text, [.. counted.Select(work => work.StatisticsName)], name, token), cancellationToken));
    }

    private async Task<ShardTotals[]> AccumulateTextsAsync(JobPlan plan, CancellationToken cancellationToken)
    {
        var before = await StoredAsync(plan.Train[0].StatisticsName, cancellationToken);
        var totals = await ForEachTextShardAsync(
            JobStage.Accumulate, [("train", plan.Train)], (shard, work, token) => shard.AccumulateAsync(work, token), cancellationToken);
        return [.. totals.Select((shard, i) => shard with { Reused = shard.Reused && before.Contains(plan.Train[i].StatisticsName) })];
    }

    /// <summary>
    /// Where several K or alpha are given: vocabulary and counts of nine tenths of the rows, under which the held-out tenth is scored for the whole grid. Vanishing one row
    /// out of the counts would not do: a word that only this row has would still be in the vocabulary.
    /// </summary>
    private async Task<JobChoice> ChooseOnHeldOutAsync(ImmutableArray<SourceManifest> train, CancellationToken cancellationToken)
    {
        var solve = Specification.Solve;
        if (Text.Temperatures is { } temperatures)
            return new JobChoice("", 1, temperatures.Alpha, []);
        if (!solve.HasChoice)
            return new JobChoice("", solve.K[0], solve.Alpha[0], []);
        if (solve.Alpha[0] == 0)
            throw new JobException("held-out rows cannot try alpha 0: a word that a class does not have leaves log 0", "set solve.alpha above 0");
        var plan = await CountFeaturesAsync(train, [], holdsOut: true, cancellationToken);
        var totals = await AccumulateTextsAsync(plan, cancellationToken);
        var (merged, _) = await ReduceAsync(plan, totals, cancellationToken);
        if (_record!.Choice is { } made && made.Statistics == merged.Name)
            return made;
        var work = new ChoiceWork(merged, solve);
        var losses = await ForEachTextShardAsync(JobStage.Choose, [("train", plan.Train)], (shard, rows, token) => shard.ChooseAsync(rows, work, token), cancellationToken);
        var grid = new GridLoss(solve.K, solve.Alpha);
        foreach (var loss in losses)
            grid.Add(new GridLoss(solve.K, solve.Alpha) { Rows = loss.Rows, Losses = [.. loss.Losses] });
        if (grid.Rows == 0)
            throw new JobException("no training row is in the fold that is held out to choose by", "give solve.k and solve.alpha as numbers");
        var (k, alpha) = grid.Choose();
        var points = solve.Alpha.SelectMany((a, i) => solve.K.Select((candidate, j) => new GridPoint(candidate, a, grid.CrossEntropy(i, j))));
        var choice = new JobChoice(merged.Name, k, alpha, [.. points]);
        _record = _record with { Choice = choice }; // written with the next stage
        return choice;
    }

    /// <summary>
    /// Layers and their temperatures: shard grains hold their rows' left-out scores and return sums of loss, gradient and second derivatives; Newton runs here. What the layers
    /// so far expect is counted and merged as statistics are. Null without temperatures.
    /// </summary>
    private async Task<(FitWork Fit, double CrossEntropy)?> FitAsync(JobPlan plan, MergedStatistics merged, CancellationToken cancellationToken)
    {
        if (Text.Temperatures is not { } settings)
            return null;
        var fit = new FitWork(merged, settings, []);
        for (var layer = 0; layer <= settings.Passes; layer++)
        {
            var expected = layer == 0 ? null : await ExpectAsync(plan, fit, $"{JobFolder.RoundsOf(Id)}pass-{layer}", cancellationToken);
            var search = TemperatureSearch.OfSlots(FeatureSlots.Bins * Text.Groups.Length);
            fit = fit with { Layers = fit.Layers.Add(new FitLayer(expected, [])) };
            while (!search.IsDone)
                search.Take((await SumAsync(plan, fit, search, cancellationToken)).ToNumbers());
            fit = fit with { Layers = fit.Layers.SetItem(layer, new FitLayer(expected, [.. search.Trial])) };
        }
        var losses = await ForEachTextShardAsync(JobStage.Refine, [("train", plan.Train)], (shard, work, token) => shard.ExpectAsync(work, fit, null, token), cancellationToken);
        Int128 sum = 0;
        foreach (var loss in losses)
            sum += loss;
        return (fit, ExactSum.Mean(sum, plan.Rows));
    }

    private async Task<ExactTemperatureSums> SumAsync(JobPlan plan, FitWork fit, TemperatureSearch search, CancellationToken cancellationToken)
    {
        ImmutableArray<double> trial = [.. search.Trial];
        var shards = await ForEachTextShardAsync(JobStage.Refine, [("train", plan.Train)], (shard, work, token) => shard.SumAsync(work, fit, trial, token), cancellationToken);
        var sum = new ExactTemperatureSums(trial.Length);
        foreach (var shard in shards)
            sum.Add(new ExactTemperatureSums(trial.Length) { Rows = shard.Rows, Loss = shard.Loss, Gradient = [.. shard.Gradient], Curvature = [.. shard.Curvature] });
        return sum;
    }

    /// <summary>What the layers so far expect of every input, over all shards.</summary>
    private async Task<MergedStatistics> ExpectAsync(JobPlan plan, FitWork fit, string folder, CancellationToken cancellationToken)
    {
        await ForEachTextShardAsync(
            JobStage.Refine, [("train", plan.Train)], (shard, work, token) => shard.ExpectAsync(work, fit, $"{folder}/{work.Shard.Index:D8}", token), cancellationToken);
        var none = ImmutableArray.Create(new long[fit.Merged.Labels.Length]);
        var expected = fit.Merged with { Name = $"{folder}/merged", ClassRows = none, ClassMass = none, ZeroRows = 0 };
        var names = plan.Train.Select(work => $"{folder}/{work.Shard.Index:D8}").ToImmutableArray();
        await ForEachTileAsync(expected, (reducer, tile, token) => reducer.ReduceAsync(new ReduceWork(names, expected, tile), token), cancellationToken);
        return expected;
    }

    private async Task<ModelDescription> PublishTextAsync(
        JobPlan plan, MergedStatistics merged, string statisticsSha256, JobChoice choice, string[] parts, (FitWork Fit, double CrossEntropy)? fitted, RefinementCheckpoint? refined, CancellationToken cancellationToken)
    {
        _progress.Begin(JobStage.Publish, 0, 0);
        var publication = new Publication(_record!, plan, merged, statisticsSha256, choice);
        if (refined is not null)
        {
            return await gate.RunAsync(
                async token => await publication.WriteAveragedAsync(store, await AveragingTables.GetAsync(shared, store, AveragingWorkOf(plan, merged, choice), token), refined, token),
                cancellationToken);
        }
        if (fitted is not var (fit, crossEntropy))
            return await gate.RunAsync(token => publication.WriteSolutionAsync(store, parts, token), cancellationToken);
        var temperatures = new ModelTemperatures([.. fit.Layers.Select(layer => layer.Temperatures)], crossEntropy);
        var model = await gate.RunAsync(
            async token =>
            {
                var vocabulary = await TextFeatures.LoadVocabularyAsync(store, Text, plan.Vocabulary!.Name, token);
                return await (publication with { Temperatures = temperatures }).WriteGroupedAsync(store, new FitTables(store, shared, fit, vocabulary), token);
            },
            cancellationToken);
        await ForgetAsync(JobFolder.RoundsOf(Id));
        return model;
    }

    private async Task<(EvaluationReport? Train, EvaluationReport? Test)> EvaluateTextsAsync(JobPlan plan, ModelDescription model, CancellationToken cancellationToken)
    {
        var train = Specification.Evaluate == EvaluateRows.All ? plan.Train : [];
        var test = Specification.Evaluate == EvaluateRows.None ? [] : plan.Test;
        var path = ModelFolder.PathOf(model.Name, model.Version);
        var counts = await ForEachTextShardAsync(
            JobStage.Evaluate, [("train", train), ("test", test)], (shard, work, token) => shard.EvaluateAsync(work, path, token), cancellationToken);
        return (ReportOf(counts[..train.Length], model.Labels.Length), ReportOf(counts[train.Length..], model.Labels.Length));
    }

    private ImmutableArray<ShardWork> TextWorkOf(TextSpecification text, ImmutableArray<SourceManifest> sources, string vocabulary, string folder, bool holdsOut) =>
    [
        .. ShardPlan.Cut(sources, Specification.Data.ShardRows).Select(shard => new ShardWork(sources[shard.Source], shard, [], $"{folder}/{shard.Hash}")
        {
            LeavesOutHeldOut = holdsOut,
            Text = new TextWork(text, vocabulary),
        }),
    ];

    private Task<T[]> ForEachTextShardAsync<T>(
        JobStage stage,
        IReadOnlyList<(string Part, ImmutableArray<ShardWork> Works)> parts,
        Func<ITextShardGrain, ShardWork, CancellationToken, Task<T>> call,
        CancellationToken cancellationToken) =>
        ForEachWorkAsync(stage, parts, (key, work, token) => call(GrainFactory.GetGrain<ITextShardGrain>(key), work, token), cancellationToken);
}
