using System.Collections.Immutable;
using System.Diagnostics;
using ExplicitCluster.Abstractions.Errors;
using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Language;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Grains.Hosting;
using ExplicitCluster.Grains.Language;
using ExplicitCluster.Grains.Models;
using ExplicitCluster.Numerics.Language;

namespace ExplicitCluster.Grains.Jobs;

/// <summary>The table of contents of a language model: documents, vocabulary, runs of cells, tables, weights, solution, model.</summary>
internal sealed partial class TrainingJobGrain
{
    /// <summary>Tokens of a part of the tables, and the most parts: fixed, so that neither silos nor shards change a hash.</summary>
    private const long PartTokens = 1 << 16;
    private const int MostParts = 64;
    private const int FitPositions = 6000;

    private LanguageSpecification LanguageOf => Specification.Language!;

    private async Task<JobResult> RunLanguageStagesAsync(CancellationToken cancellationToken)
    {
        var total = Stopwatch.GetTimestamp();
        var plan = await StageAsync(JobStage.Plan, () => PlanLanguageAsync(cancellationToken));
        var (counting, words, runs) = await StageAsync(JobStage.Accumulate, () => CountLanguageAsync(plan, cancellationToken));
        var (tables, counted, statisticsSha256) = await StageAsync(JobStage.Reduce, () => MergeLanguageAsync(plan, counting, words, runs, cancellationToken));
        var weights = await StageAsync(JobStage.Choose, () => WeighLanguageAsync(plan, counting, words, runs, cancellationToken));
        var parts = await StageAsync(JobStage.Solve, () => SolveLanguageAsync(tables, cancellationToken));
        var (refined, name, rounds) = await StageAsync(JobStage.Refine, () => RefineLanguageAsync(plan, tables, weights, runs, parts, cancellationToken));
        var refinement = rounds.IsEmpty ? null : new ModelRefinement(RefineMethod.Averaging, rounds, null, null);
        var publication = new LanguagePublication(_record!, plan, tables, weights, counted, [.. runs], statisticsSha256, name, refinement);
        var model = await StageAsync(JobStage.Publish, () => PublishLanguageAsync(publication, refined, cancellationToken));
        var (train, test) = await StageAsync(JobStage.Evaluate, () => EvaluateLanguageAsync(plan, model, cancellationToken));
        var silos = await GrainFactory.GetGrain<IManagementGrain>(0).GetHosts(onlyActive: true, cancellationToken);
        return new JobResult
        {
            Model = $"{model.Name}/{model.Version}",
            ModelPath = ModelFolder.PathOf(model.Name, model.Version),
            Rows = model.Language!.Documents,
            Inputs = 0,
            Outputs = counting.Size,
            Shards = plan.Train.Length,
            Silos = silos.Count,
            K = 1,
            Alpha = 0,
            ZeroRows = 0,
            ReusedShards = runs.Count(shard => shard.Reused),
            WeightsSha256 = model.WeightsSha256,
            StatisticsSha256 = statisticsSha256,
            Refinement = rounds,
            Language = new LanguageResult
            {
                Vocabulary = counting.Size,
                Tokens = model.Language.TrainTokens,
                Cells = model.Language.Sets.Sum(set => set.Cells),
                HeldOutPerplexity = model.Language.HeldOutPerplexity,
                Train = train,
                Test = test,
            },
            Seconds = new StageSeconds(
                Stopwatch.GetElapsedTime(total).TotalSeconds,
                _seconds[JobStage.Plan],
                _seconds[JobStage.Accumulate],
                _seconds[JobStage.Reduce],
                _seconds[JobStage.Choose] + _seconds[JobStage.Solve] + _seconds[JobStage.Publish],
                _seconds[JobStage.Refine],
                _seconds[JobStage.Evaluate]),
        };
    }

    /// <summary>Sources are opened and cut into shards; where documents are blocks of tokens, shard grains first count the tokens of all rows.</summary>
    private async Task<LanguagePlan> PlanLanguageAsync(CancellationToken cancellationToken)
    {
        _progress.Begin(JobStage.Plan, 0, 0);
        var (data, tokens) = (Specification.Data, LanguageOf.Tokens);
        await Failures.Translate(() => gate.RunAsync(token => Tokenizers.EnsureAsync(store, tokens, token), cancellationToken));
        var train = await OpenAsync(LanguagePlan.SourcesOf(data.Train, tokens), cancellationToken);
        var testSources = Specification.Evaluate == EvaluateRows.None ? [] : data.Test;
        var test = await OpenAsync(LanguagePlan.SourcesOf(testSources, tokens), cancellationToken);
        if (train.Concat(test).FirstOrDefault(source => !source.IsText) is { } numbers)
            throw new JobException($"{numbers.Files[0].Path} holds numbers; a language model needs texts", "name sources of format text or jsonl, or the column of texts");
        var plan = new LanguagePlan(
            train, LanguagePlan.WorkOf(train, data.Train, tokens, data.ShardRows), LanguagePlan.WorkOf(test, testSources, tokens, data.ShardRows));
        PlanMemory(plan, LanguageMemory.TokensOf(tokens, train.Sum(source => source.Texts!.Bytes)), tokens.Vocabulary, null);
        return tokens.Block == 0 ? plan : plan with
        {
            Train = await NumberAsync("train", plan.Train, cancellationToken),
            Test = await NumberAsync("test", plan.Test, cancellationToken),
        };
    }

    /// <summary>Watchers see the plan once more where the first one was off by a tenth.</summary>
    private void PlanMemory(LanguagePlan plan, long tokens, long ids, (long Cells, long Rows, long Solving)? cells)
    {
        var memory = LanguageMemory.PlanOf(Specification, tokens, plan.LargestShare, ids, cells, options.Value);
        if (_planned is null || 10 * Math.Abs(_planned.TotalBytes - memory.TotalBytes) > memory.TotalBytes)
            _progress.Planned(memory);
        _planned = memory;
        LanguageMemory.Check(memory);
    }

    private async Task<ImmutableArray<LanguageShardWork>> NumberAsync(string part, ImmutableArray<LanguageShardWork> works, CancellationToken cancellationToken)
    {
        var totals = await ForEachTextAsync(JobStage.Plan, [(part, works)], (shard, work, token) => shard.MeasureAsync(work, token), cancellationToken);
        return LanguagePlan.Numbered(works, [.. totals.Select(shard => shard.Tokens)]);
    }

    /// <summary>Shard grains count tokens, of which the most frequent are the vocabulary, and then the cells of every set into sorted runs.</summary>
    private async Task<(LanguageCounting Counting, long[] Words, RunTotals[] Runs)> CountLanguageAsync(LanguagePlan plan, CancellationToken cancellationToken)
    {
        var folder = LanguageNames.TokensFolder(LanguageOf.Tokens, plan.Split);
        var tokens = await ForEachTextAsync(JobStage.Accumulate, [("train", plan.Train)], (shard, work, token) => shard.CountTokensAsync(work, folder, token), cancellationToken);
        var (name, sha256, words) = await Failures.Translate(() => gate.RunAsync(
            token => VocabularyArtifact.MergeAsync(store, tokens.Select(shard => shard.Name!), LanguageOf.Tokens, token), cancellationToken));
        var counting = new LanguageCounting(LanguageNames.CountingFolder(LanguageOf, plan.Split, sha256), name, words.Length, BoundsOf(words), LanguageOf);
        var before = await StoredAsync($"{counting.Name}/", cancellationToken);
        var runs = await ForEachTextAsync(JobStage.Accumulate, [("train", plan.Train)], (shard, work, token) => shard.CountAsync(work, counting, token), cancellationToken);
        return (counting, words, [.. runs.Select((shard, i) => shard with { Reused = shard.Reused && before.Contains(LanguageNames.RunsName(counting, plan.Train[i])) })]);
    }

    /// <summary>Reducer grains merge the runs of all shards, a part of every table each. Gives the tables and the hash of their counts.</summary>
    private async Task<(LanguageTables Tables, long[] Counted, string Sha256)> MergeLanguageAsync(
        LanguagePlan plan, LanguageCounting counting, long[] words, RunTotals[] runs, CancellationToken cancellationToken)
    {
        var parts = await MergeAsync("merged", plan, counting, [.. runs.Select(shard => shard.Runs), .. runs.Select(shard => shard.HeldOutRuns)], cancellationToken);
        var all = LanguageNames.PlanOf(LanguageOf);
        var cells = all.Sets.Sum(set => parts.Parts.Sum(part => part[Array.IndexOf(all.Tables, set)].Cells));
        PlanMemory(plan, words.Sum(), counting.Size, (cells, cells / 2, parts.Parts.Select(part => part.Max(table => table.Cells)).OrderDescending().Take(options.Value.EffectiveSlots).Sum()));
        var lines = all.Tables.SelectMany((set, i) => parts.Parts.Select((part, p) => $"lags {set} part {counting.Bounds[p]} {part[i].Cells} {part[i].Sha256}"));
        return (
            await TablesOfAsync(counting, words, parts.Name, parts.Parts, cancellationToken),
            [.. all.Sets.Select(set => parts.Parts.Sum(part => part[Array.IndexOf(all.Tables, set)].Cells))],
            SpecificationHash.Sha256($"{counting.Vocabulary}\n{string.Join('\n', lines)}"));
    }

    /// <summary>Weights that are given or, from tables without the held-out documents, fitted on those.</summary>
    private async Task<FitResult> WeighLanguageAsync(LanguagePlan plan, LanguageCounting counting, long[] words, RunTotals[] runs, CancellationToken cancellationToken)
    {
        var sets = LanguageNames.PlanOf(LanguageOf).Sets;
        if (LanguageOf.Weights == LanguageWeights.Ones)
            return new FitResult([.. Enumerable.Repeat(1.0, sets.Length + 1)], 0, 0);
        if (LanguageOf.Weights == LanguageWeights.Harmonic)
            return new FitResult([1, .. sets.Select(set => 1.0 / set.Last)], 0, 0);
        var heldOut = runs.Sum(shard => shard.HeldOut);
        if (heldOut == 0)
        {
            throw new JobException(
                $"none of {runs.Sum(shard => shard.Documents)} training documents is held out to fit weights on: it would be every tenth, drawn by a hash",
                "use more and shorter documents (tokens.block), or set solve.weights to ones or harmonic");
        }
        var kept = await MergeAsync("kept", plan, counting, [.. runs.Select(shard => shard.Runs)], cancellationToken);
        var positions = await ForEachTextAsync(
            JobStage.Choose, [("train", plan.Train)], (shard, work, token) => shard.PositionsAsync(work, counting, PositionsOf(work), token), cancellationToken);
        var tables = await TablesOfAsync(counting, words, kept.Name, kept.Parts, cancellationToken);
        var fitter = new Pieces<FitResult>(
            1,
            _ => "the fit of weights",
            (_, copy, token) => GrainFactory.GetGrain<ILanguageReducerGrain>($"{Id}/{IndexOf(0, copy)}")
                .FitAsync(tables, [.. positions.SelectMany(shard => shard)], token),
            _ => { });
        return (await Runner.RunAsync(fitter, cancellationToken))[0];

        // Evenly over the held-out tokens of all shards, in their order.
        ImmutableArray<long> PositionsOf(LanguageShardWork work)
        {
            var shard = plan.Train.IndexOf(work);
            var first = runs.Take(shard).Sum(before => before.HeldOut);
            var most = Math.Min(heldOut, FitPositions);
            return [.. Enumerable.Range(0, (int)most).Select(i => (long)((Int128)i * heldOut / most) - first).Where(at => at >= 0 && at < runs[shard].HeldOut)];
        }
    }

    /// <summary>Reducer grains solve every part of every set. Gives what each part is, by set.</summary>
    private async Task<SolvedPart[]> SolveLanguageAsync(LanguageTables tables, CancellationToken cancellationToken)
    {
        var (sets, parts) = (tables.Counting.Language.Lags.Length, tables.Counting.Bounds.Length);
        _progress.Begin(JobStage.Solve, sets * parts, 0);
        return await Runner.RunAsync(
            new Pieces<SolvedPart>(
                sets * parts,
                i => $"part {i % parts} of lags {string.Join(", ", LanguageOf.Lags[i / parts])}",
                (i, copy, token) => GrainFactory.GetGrain<ILanguageReducerGrain>($"{Id}/{IndexOf(i, copy)}")
                    .SolveAsync(tables, i / parts, i % parts, JobFolder.WeightsPartName(Id, _record!.Attempts, i), token),
                _ => _progress.Advance(0)),
            cancellationToken);
    }

    private async Task<ModelDescription> PublishLanguageAsync(LanguagePublication publication, SolvedPart[] parts, CancellationToken cancellationToken)
    {
        _progress.Begin(JobStage.Publish, 0, 0);
        var model = await Failures.Translate(() => gate.RunAsync(token => publication.WriteAsync(store, parts, token), cancellationToken));
        await ForgetAsync(JobFolder.WeightsPartsOf(Id, _record!.Attempts));
        return model;
    }

    private async Task<(LanguageReport? Train, LanguageReport? Test)> EvaluateLanguageAsync(LanguagePlan plan, ModelDescription model, CancellationToken cancellationToken)
    {
        var train = Specification.Evaluate == EvaluateRows.All ? plan.Train : [];
        var path = ModelFolder.PathOf(model.Name, model.Version);
        var losses = await ForEachTextAsync(
            JobStage.Evaluate, [("train", train), ("test", plan.Test)], (shard, work, token) => shard.EvaluateAsync(work, path, token), cancellationToken);
        return (LanguageReports.Of(losses[..train.Length]), LanguageReports.Of(losses[train.Length..]));
    }

    private async Task<(string Name, ImmutableArray<TablePart>[] Parts)> MergeAsync(
        string what, LanguagePlan plan, LanguageCounting counting, ImmutableArray<ImmutableArray<string>>[] shards, CancellationToken cancellationToken)
    {
        var counted = LanguageNames.PlanOf(LanguageOf).Counted.Length;
        ImmutableArray<ImmutableArray<string>> runs = [.. Enumerable.Range(0, counted).Select(set => shards.SelectMany(shard => shard[set]).ToImmutableArray())];
        var union = SpecificationHash.Sha256(string.Join('\n', plan.Train.Select(work => work.Key)));
        var name = $"{counting.Name}/{what}-{union}";
        _progress.Begin(what == "merged" ? JobStage.Reduce : JobStage.Choose, counting.Bounds.Length, 0);
        var parts = await Runner.RunAsync(
            new Pieces<ImmutableArray<TablePart>>(
                counting.Bounds.Length,
                part => $"part {part} of the tables",
                (part, copy, token) => GrainFactory.GetGrain<ILanguageReducerGrain>($"{Id}/{IndexOf(part, copy)}").MergeAsync(new MergeWork(counting, name, part, runs), token),
                _ => _progress.Advance(0)),
            cancellationToken);
        await ForgetAsync(LanguageNames.PassesOf(Id));
        return (name, parts);
    }

    private async Task<LanguageTables> TablesOfAsync(
        LanguageCounting counting, long[] words, string merged, ImmutableArray<TablePart>[] parts, CancellationToken cancellationToken)
    {
        var plan = LanguageNames.PlanOf(LanguageOf);
        var discounts = plan.Sets.SelectMany(set =>
        {
            var table = Array.IndexOf(plan.Tables, set);
            long[] cells = [.. Enumerable.Range(0, 4).Select(times => parts.Sum(part => part[table].Seen[times]))];
            var found = Discounts.Of(new CountsOfCounts(cells[0], cells[1], cells[2], cells[3]), LanguageOf.SingleDiscount);
            found = LanguageOf.Prune && set.Lags.Length > 1 ? found.Pruned : found;
            return new[] { found.One, found.Two, found.More };
        });
        var sha256 = await Failures.Translate(() => gate.RunAsync(
            token => Failures.Heal(store, () => StoredSolution.WriteWordsAsync(store, counting, merged, words, token)), cancellationToken));
        return new LanguageTables(counting, merged, [.. discounts], sha256);
    }

    /// <summary>Ranges of first tokens of about equal numbers of occurrences, the pad in the last.</summary>
    private static ImmutableArray<int> BoundsOf(long[] words)
    {
        var total = words.Sum();
        var parts = Math.Clamp(total / PartTokens, 1, MostParts);
        var (bounds, sum) = (ImmutableArray.Create(0), 0L);
        for (var word = 0; word < words.Length; word++)
        {
            sum += words[word];
            if (sum * parts >= total * bounds.Length && bounds.Length < parts && word + 1 < words.Length)
                bounds = bounds.Add(word + 1);
        }
        return bounds;
    }

    private Task<T[]> ForEachTextAsync<T>(
        JobStage stage,
        IReadOnlyList<(string Part, ImmutableArray<LanguageShardWork> Works)> parts,
        Func<ILanguageShardGrain, LanguageShardWork, CancellationToken, Task<T>> call,
        CancellationToken cancellationToken)
    {
        var works = parts.SelectMany(part => part.Works.Select(work => (part.Part, Work: work))).ToList();
        _progress.Begin(stage, works.Count, works.Sum(work => (long)work.Work.Shard.Rows));
        var pieces = new Pieces<T>(
            works.Count,
            i => $"shard {works[i].Work.Shard.Index} of the {works[i].Part}ing documents",
            (i, copy, token) => call(GrainFactory.GetGrain<ILanguageShardGrain>($"{Id}/{works[i].Part}/{IndexOf(works[i].Work.Shard.Index, copy)}"), works[i].Work, token),
            i => _progress.Advance(works[i].Work.Shard.Rows));
        return Runner.RunAsync(pieces, cancellationToken);
    }
}
