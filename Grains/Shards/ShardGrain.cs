using System.Collections.Immutable;
using System.Diagnostics;
using ExplicitCluster.Abstractions.Shards;
using ExplicitCluster.Data.Sources;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Grains.Hosting;
using ExplicitCluster.Grains.Layers;
using ExplicitCluster.Grains.Models;
using ExplicitCluster.Grains.Reduction;
using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Metrics;
using ExplicitCluster.Numerics.Selection;
using ExplicitCluster.Numerics.Statistics;
using Microsoft.Extensions.Logging;

namespace ExplicitCluster.Grains.Shards;

/// <inheritdoc cref="IShardGrain"/>
[SpreadPlacement]
internal sealed partial class ShardGrain(IArtifactStore store, SourceReader reader, ComputeGate gate, SharedArtifacts shared, ExplicitInstruments instruments, ILogger<ShardGrain> logger)
    : Grain, IShardGrain
{
    public Task<ShardTotals> AccumulateAsync(ShardWork work, CancellationToken cancellationToken = default) =>
        DoAsync("accumulate", work, token => CountAsync(work, token), totals => totals.Reused, cancellationToken);

    public Task<GridLosses> ChooseAsync(ShardWork work, ChoiceWork choice, CancellationToken cancellationToken = default) =>
        DoAsync("choose", work, token => ScoreGridAsync(work, choice, token), _ => false, cancellationToken);

    public Task<EvaluationCounts> EvaluateAsync(ShardWork work, string model, CancellationToken cancellationToken = default) =>
        DoAsync("evaluate", work, token => ScoreModelAsync(work, model, token), _ => false, cancellationToken);

    private Task<T> DoAsync<T>(string name, ShardWork work, Func<CancellationToken, Task<T>> run, Func<T, bool> reused, CancellationToken cancellationToken) =>
        Failures.Translate(() => gate.RunAsync(
            async token =>
            {
                using var trace = ExplicitInstruments.Trace(name, this.GetPrimaryKeyString());
                var start = Stopwatch.GetTimestamp();
                var result = await run(token);
                var took = Stopwatch.GetElapsedTime(start);
                instruments.Took(name, took);
                LogDone(logger, name, work.Shard.Rows, took.TotalMilliseconds);
                instruments.ShardDone(name, work.Shard.Rows, reused(result));
                return result;
            },
            cancellationToken));

    private async Task<ShardTotals> CountAsync(ShardWork work, CancellationToken cancellationToken)
    {
        if (await ShardStatistics.FindAsync(store, work.StatisticsName, cancellationToken) is { } stored)
            return stored;
        var (encoder, _) = await LayerMaps.RowsAsync(shared, store, work, cancellationToken);
        var classes = work.Source.Labels.Length;
        var subclasses = work.Subclasses is { } hidden ? new SubclassCounting(await SubclassCounting.LoadAsync(shared, store, hidden, encoder.Layout, cancellationToken), hidden, work.Source.Labels) : null;
        using var sum = new StatisticsSum(encoder.Layout.Inputs, classes * (work.Subclasses?.Count ?? 1));
        var below = LayerMaps.LabelsOf(work.Features);
        var (rows, classOf) = (RowsOf(work, encoder, below.IsDefault ? null : ClassesOf(work.Source, below), areLearned: true), Enumerable.Range(0, classes).ToArray());
        if (subclasses is null)
            await rows.CountAsync(classOf, sum, cancellationToken);
        else
            await rows.ForEachChunkAsync(classOf, chunk => subclasses.Of(chunk).AddTo(sum), cancellationToken);
        return await ShardStatistics.WriteAsync(store, work, sum, cancellationToken);
    }

    private async Task<GridLosses> ScoreGridAsync(ShardWork work, ChoiceWork choice, CancellationToken cancellationToken)
    {
        var (encoder, vanishing) = await LayerMaps.RowsAsync(shared, store, work, cancellationToken);
        var solve = choice.Solve;
        var grid = new GridLoss(solve.K, solve.Alpha);
        var leaveOneOut = await shared.GetAsync(
            $"{choice.Merged.Name} {string.Join(',', solve.K)} {string.Join(',', solve.Alpha)} {solve.Beta}",
            async token => new LeaveOneOut(encoder.Layout, await MergedTables.LoadAsync(store, choice.Merged, token), MergedTables.TotalsOf(choice.Merged), solve, vanishing),
            cancellationToken);
        await RowsOf(work, encoder, [.. Enumerable.Range(0, choice.Merged.Labels.Length)]).ForEachChunkAsync(
            ClassesOf(work.Source, choice.Merged.Labels),
            chunk => grid.Add(leaveOneOut.Score(chunk, cancellationToken)),
            cancellationToken);
        return new GridLosses(grid.Rows, [.. grid.Losses]);
    }

    private async Task<EvaluationCounts> ScoreModelAsync(ShardWork work, string model, CancellationToken cancellationToken)
    {
        var trained = await shared.GetAsync(model, token => TrainedModel.LoadAsync(store, model, token), cancellationToken);
        var evaluation = new Evaluation(trained.Classes);
        var rows = RowsOf(work, trained.EncoderFor(work.Source), ownOf: null, passesUnknown: true);
        await rows.ForEachChunkAsync(
            ClassesOf(work.Source, trained.Description.Labels),
            chunk => evaluation.Add(trained.Score(chunk), chunk.Classes),
            cancellationToken);
        evaluation.UnknownRows = rows.Unknown;
        return EvaluationReports.CountsOf(evaluation);
    }

    /// <param name="work">The shard.</param>
    /// <param name="encoder">The feature maps.</param>
    /// <param name="ownOf">As <see cref="ShardRows.OwnOf"/>.</param>
    /// <param name="passesUnknown">As <see cref="ShardRows.PassesUnknown"/>.</param>
    /// <param name="areLearned">As <see cref="ShardRows.AreLearned"/>.</param>
    private ShardRows RowsOf(ShardWork work, RowEncoder encoder, int[]? ownOf, bool passesUnknown = false, bool areLearned = false) => new(reader, work.Source, new RowRange(work.Shard.FirstRow, work.Shard.LastRow - work.Shard.FirstRow + 1), encoder)
    {
        LeavesOutHeldOut = work.LeavesOutHeldOut,
        WithoutFold = work.WithoutFold,
        OwnOf = ownOf,
        PassesUnknown = passesUnknown,
        AreLearned = areLearned,
    };

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Work} of {Rows} rows took {Milliseconds:F0} ms")]
    private static partial void LogDone(ILogger logger, string work, int rows, double milliseconds);

    private static int[] ClassesOf(SourceManifest source, ImmutableArray<string> labels) => [.. source.Labels.Select(label => labels.IndexOf(label))];
}
