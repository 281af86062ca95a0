using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Errors;
using ExplicitCluster.Abstractions.Shards;
using ExplicitCluster.Abstractions.Texts;
using ExplicitCluster.Data.Formats;
using ExplicitCluster.Data.Sources;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Grains.Hosting;
using ExplicitCluster.Grains.Models;
using ExplicitCluster.Grains.Reduction;
using ExplicitCluster.Grains.Shards;
using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Features;
using ExplicitCluster.Numerics.Groups;
using ExplicitCluster.Numerics.Metrics;
using ExplicitCluster.Numerics.Selection;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Grains.Texts;

/// <inheritdoc cref="ITextShardGrain"/>
[SpreadPlacement]
internal sealed class TextShardGrain(IArtifactStore store, SourceReader reader, TimedGate gate, SharedArtifacts shared, ExplicitInstruments instruments) : Grain, ITextShardGrain
{
    private ShardFit? _fit;

    public Task CountFeaturesAsync(ShardWork work, CancellationToken cancellationToken = default) =>
        DoAsync("count features", work, token => CountAsync(work, token), cancellationToken);

    public Task<ShardTotals> AccumulateAsync(ShardWork work, CancellationToken cancellationToken = default) =>
        DoAsync("accumulate", work, token => AddUpAsync(work, token), cancellationToken);

    public Task<GridLosses> ChooseAsync(ShardWork work, ChoiceWork choice, CancellationToken cancellationToken = default) =>
        DoAsync("choose", work, token => ScoreGridAsync(work, choice, token), cancellationToken);

    public Task<FitSums> SumAsync(ShardWork work, FitWork fit, ImmutableArray<double> temperatures, CancellationToken cancellationToken = default) =>
        DoAsync("sum", work, async token =>
        {
            var tables = new FitTables(store, shared, fit, await VocabularyAsync(work, token));
            var sums = await (await FitAsync(work, fit, tables, token)).SumAsync(fit, [.. temperatures], layer => tables.OfAsync(layer, token));
            return new FitSums(sums.Rows, sums.Loss, [.. sums.Gradient], [.. sums.Curvature]);
        }, cancellationToken);

    public Task<Int128> ExpectAsync(ShardWork work, FitWork fit, string? expectedName, CancellationToken cancellationToken = default) =>
        DoAsync("expect", work, async token =>
        {
            var tables = new FitTables(store, shared, fit, await VocabularyAsync(work, token));
            var rows = await FitAsync(work, fit, tables, token);
            await rows.FinishAsync(fit, layer => tables.OfAsync(layer, token));
            if (expectedName is null)
            {
                _fit = null;
                return rows.Loss;
            }
            var none = new long[fit.Merged.Labels.Length];
            var expected = await rows.ExpectAsync(fit, layer => tables.OfAsync(layer, token));
            await StatisticsFile.WriteAsync(store, expectedName, expected, new StatisticsTotals(none, none, 0), fit.Merged.Labels, [], token);
            return rows.Loss;
        }, cancellationToken);

    public Task<EvaluationCounts> EvaluateAsync(ShardWork work, string model, CancellationToken cancellationToken = default) =>
        DoAsync("evaluate", work, async token =>
        {
            var trained = await shared.GetAsync(model, inner => TrainedModel.LoadAsync(store, model, inner), token);
            var evaluation = new Evaluation(trained.Classes);
            var rows = TextRows.Of(reader, work, LearnedFrom(work), passesUnknown: true);
            await rows.ForEachChunkAsync(
                await trained.RowsEncoderAsync(store, token), ClassesOf(work, trained.Description.Labels), chunk => evaluation.Add(trained.Score(chunk), chunk.Classes), token);
            evaluation.UnknownRows = rows.Unknown;
            return EvaluationReports.CountsOf(evaluation);
        }, cancellationToken);

    private Task<T> DoAsync<T>(string name, ShardWork work, Func<CancellationToken, Task<T>> run, CancellationToken cancellationToken) =>
        gate.RunAsync(
            this,
            name,
            async token =>
            {
                var result = await run(token);
                instruments.ShardDone(name, work.Shard.Rows, reused: false);
                return result;
            },
            cancellationToken);

    private async Task<int> CountAsync(ShardWork work, CancellationToken cancellationToken)
    {
        if (await store.StatAsync(work.StatisticsName, cancellationToken) is not null)
            return 0;
        var counter = await TextFeatures.CounterAsync(store, work.Text!.Specification, cancellationToken);
        await foreach (var chunk in TextRows.Of(reader, work, LearnedFrom(work)).ReadAsync(cancellationToken))
        {
            for (var row = 0; row < chunk.Count; row++)
                counter.Add(chunk[row]);
        }
        await FeatureFile.WriteAsync(store, work.StatisticsName, counter.ToLists(), cancellationToken);
        return 0;
    }

    private async Task<ShardTotals> AddUpAsync(ShardWork work, CancellationToken cancellationToken)
    {
        if (await ShardStatistics.FindAsync(store, work.StatisticsName, cancellationToken) is { } stored)
            return stored;
        var text = work.Text!.Specification;
        var (vocabulary, scale, classes) = (await VocabularyAsync(work, cancellationToken), TextFeatures.ScaleOf(text), work.Source.Labels.Length);
        using var sum = new StatisticsSum(vocabulary.Layout.Inputs, classes);
        await TextRows.Of(reader, work, LearnedFrom(work)).ForEachChunkAsync(
            await EncoderAsync(work, vocabulary, cancellationToken),
            [.. Enumerable.Range(0, classes)],
            chunk => AddTo(sum, chunk, scale, work),
            cancellationToken);
        return await ShardStatistics.WriteAsync(store, work, sum, cancellationToken);
    }

    private static void AddTo(StatisticsSum sum, EncodedChunk chunk, SparseScale scale, ShardWork work)
    {
        try
        {
            sum.Add(SparseStatistics.Accumulate(chunk.Sparse!, scale, chunk.Classes, sum.Classes, chunk.Weights));
        }
        catch (OverflowException exception)
        {
            throw new JobException(
                $"{work.Source.Files[0].Path}, rows {work.Shard.FirstRow} to {work.Shard.LastRow}: {exception.Message}", "use smaller values or weights, or remove norm: none");
        }
    }

    private async Task<GridLosses> ScoreGridAsync(ShardWork work, ChoiceWork choice, CancellationToken cancellationToken)
    {
        var (merged, solve, vocabulary) = (choice.Merged, choice.Solve, await VocabularyAsync(work, cancellationToken));
        var counts = await shared.GetAsync<CountTable>($"{merged.Name} counts", token => MergedTables.LoadAsync(store, merged, token), cancellationToken);
        var heldOut = new SparseHeldOut(vocabulary.Layout, counts, MergedTables.TotalsOf(merged), solve.K, solve.Alpha, solve.Beta) { KeepsNorms = work.Text!.Specification.KeepsNorms };
        var grid = new GridLoss(solve.K, solve.Alpha);
        await TextRows.Of(reader, work, HeldOutRows.Only).ForEachChunkAsync(
            await EncoderAsync(work, vocabulary, cancellationToken), ClassesOf(work, merged.Labels), chunk => grid.Add(heldOut.Score(chunk.Sparse!, chunk.Classes, chunk.Weights, cancellationToken)), cancellationToken);
        return new GridLosses(grid.Rows, [.. grid.Losses]);
    }

    /// <summary>Where the rows are in the fit; made from the rows where the silo does not have it, as after the loss of another.</summary>
    private async Task<ShardFit> FitAsync(ShardWork work, FitWork fit, FitTables tables, CancellationToken cancellationToken)
    {
        var origin = ShardFit.OriginOf(work, fit);
        if (_fit?.LeadsTo(origin, fit) == true)
            return _fit;
        var encoder = await EncoderAsync(work, await VocabularyAsync(work, cancellationToken), cancellationToken);
        var (rows, classOf, labels) = (TextRows.Of(reader, work, HeldOutRows.WithOthers), ClassesOf(work, fit.Merged.Labels), new List<int>());
        await foreach (var chunk in rows.ReadAsync(cancellationToken))
        {
            if (chunk.Weights is not null)
                throw new JobException($"{work.Source.Files[0].Path} has weights, and temperatures are fitted to rows that count alike", "remove the column of weights, or solve.temperatures");
            for (var row = 0; row < chunk.Count; row++)
                encoder.Add(chunk[row]);
            labels.AddRange(rows.ClassesOf(chunk, classOf));
        }
        var scores = new SlotScores(encoder.Take(), TextFeatures.ScaleOf(work.Text!.Specification), tables.Slots, [.. labels], tables.Prior, tables.ClassWeights);
        return _fit = new ShardFit(origin, scores);
    }

    private Task<Vocabulary> VocabularyAsync(ShardWork work, CancellationToken cancellationToken) => shared.GetAsync(
        work.Text!.Vocabulary, token => TextFeatures.LoadVocabularyAsync(store, work.Text.Specification, work.Text.Vocabulary, token), cancellationToken);

    private Task<DocumentEncoder> EncoderAsync(ShardWork work, Vocabulary vocabulary, CancellationToken cancellationToken) =>
        TextFeatures.EncoderAsync(store, work.Text!.Specification, vocabulary, cancellationToken);

    private static HeldOutRows LearnedFrom(ShardWork work) => work.LeavesOutHeldOut ? HeldOutRows.Without : HeldOutRows.WithOthers;

    private static int[] ClassesOf(ShardWork work, ImmutableArray<string> labels) => [.. work.Source.Labels.Select(label => labels.IndexOf(label))];
}
