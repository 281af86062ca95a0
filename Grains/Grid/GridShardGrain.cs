using System.Collections.Immutable;
using System.Diagnostics;
using ExplicitCluster.Abstractions.Grid;
using ExplicitCluster.Abstractions.Shards;
using ExplicitCluster.Data.Sources;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Grains.Hosting;
using ExplicitCluster.Grains.Shards;
using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Selection;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Grains.Grid;

/// <inheritdoc cref="IGridShardGrain"/>
[SpreadPlacement]
internal sealed class GridShardGrain(IArtifactStore store, SourceReader reader, ComputeGate gate, SharedArtifacts shared, ExplicitInstruments instruments) : Grain, IGridShardGrain
{
    public Task<ImmutableArray<ShardTotals>> AccumulateAsync(GridShardWork work, CancellationToken cancellationToken = default) =>
        DoAsync("accumulate", work, token => CountAsync(work, token), totals => totals.All(part => part.Reused), cancellationToken);

    public Task<ImmutableArray<GridLossSums>> ScoreAsync(GridShardWork work, GridScoring scoring, CancellationToken cancellationToken = default) =>
        DoAsync("choose", work, token => ScoreAllAsync(work, scoring, token), _ => false, cancellationToken);

    private Task<T> DoAsync<T>(string name, GridShardWork work, Func<CancellationToken, Task<T>> run, Func<T, bool> reused, CancellationToken cancellationToken) =>
        Failures.Translate(() => gate.RunAsync(
            async token =>
            {
                using var trace = ExplicitInstruments.Trace(name, this.GetPrimaryKeyString());
                var start = Stopwatch.GetTimestamp();
                var result = await run(token);
                instruments.Took(name, Stopwatch.GetElapsedTime(start));
                instruments.ShardDone(name, work.Work.Shard.Rows, reused(result));
                return result;
            },
            cancellationToken));

    private async Task<ImmutableArray<ShardTotals>> CountAsync(GridShardWork work, CancellationToken cancellationToken)
    {
        if (await FindAsync(work, cancellationToken) is { } stored)
            return stored;
        var shard = work.Work;
        var classes = shard.Source.Labels.Length;
        var encoders = EncodersOf(work);
        // Of each unit the folds, and then all rows.
        StatisticsSum[][] sums = [.. encoders.Select(encoder => Enumerable.Range(0, work.Folds + 1).Select(_ => new StatisticsSum(encoder.Layout.Inputs, classes)).ToArray())];
        try
        {
            await ForEachChunkAsync(work, encoders[0], [.. Enumerable.Range(0, classes)], (rows, folds, codes) =>
            {
                for (var fold = 0; fold < work.Folds; fold++)
                {
                    int[] indices = [.. Enumerable.Range(0, folds.Length).Where(m => folds[m] == fold)];
                    var part = rows.Take(indices);
                    for (var unit = 0; unit < encoders.Length && indices.Length > 0; unit++)
                    {
                        var counted = CountsOf(part.Encode(encoders[unit], [], codes), classes);
                        sums[unit][fold].Add(counted);
                        sums[unit][^1].Add(counted);
                    }
                }
            }, cancellationToken);
            var totals = ImmutableArray.CreateBuilder<ShardTotals>();
            for (var unit = 0; unit < work.Units.Length; unit++)
            {
                for (var fold = 0; fold < work.Folds; fold++)
                    totals.Add(await ShardStatistics.WriteAsync(store, shard with { StatisticsName = FoldName(work, unit, fold) }, sums[unit][fold], cancellationToken));
                await ShardStatistics.WriteAsync(store, shard with { StatisticsName = WholeName(work, unit) }, sums[unit][^1], cancellationToken);
            }
            return totals.ToImmutable();
        }
        finally
        {
            foreach (var sum in sums.SelectMany(unit => unit))
                sum.Dispose();
        }
    }

    private static SufficientStatistics CountsOf(EncodedChunk chunk, int classes) => chunk.Dense is not null
        ? DenseStatistics.Accumulate(chunk.Dense, chunk.Classes, classes)
        : BlockStatistics.Accumulate(chunk.Blocks!, chunk.Classes, classes);

    /// <summary>The totals, where every file of the shard is in the store.</summary>
    private async Task<ImmutableArray<ShardTotals>?> FindAsync(GridShardWork work, CancellationToken cancellationToken)
    {
        var totals = ImmutableArray.CreateBuilder<ShardTotals>();
        for (var unit = 0; unit < work.Units.Length; unit++)
        {
            for (var fold = 0; fold <= work.Folds; fold++)
            {
                var name = fold < work.Folds ? FoldName(work, unit, fold) : WholeName(work, unit);
                if (await ShardStatistics.FindAsync(store, name, cancellationToken) is not { } found)
                    return null;
                if (fold < work.Folds)
                    totals.Add(found);
            }
        }
        return totals.ToImmutable();
    }

    private async Task<ImmutableArray<GridLossSums>> ScoreAllAsync(GridShardWork work, GridScoring scoring, CancellationToken cancellationToken)
    {
        var encoders = EncodersOf(work);
        var grids = new FoldGrid[encoders.Length];
        var sums = new GridSums[encoders.Length];
        for (var unit = 0; unit < grids.Length; unit++)
        {
            var settings = GridTables.SettingsOf(work.Units[unit], scoring.Grid);
            grids[unit] = await GridTables.GetAsync(shared, store, encoders[unit].Layout, scoring.Units[unit], settings, cancellationToken);
            sums[unit] = new GridSums(settings.Count, settings.Priors.Count, work.Folds);
        }
        var labels = scoring.Units[0].Whole.Labels;
        await ForEachChunkAsync(work, encoders[0], [.. work.Work.Source.Labels.Select(label => labels.IndexOf(label))], (rows, folds, codes) =>
        {
            for (var unit = 0; unit < grids.Length; unit++)
            {
                var chunk = rows.Encode(encoders[unit], [], codes);
                sums[unit].Add(chunk.Dense is not null
                    ? grids[unit].Score(chunk.Dense, chunk.Classes, folds, cancellationToken)
                    : grids[unit].Score(chunk.Blocks!, chunk.Classes, folds, cancellationToken));
            }
        }, cancellationToken);
        return [.. sums.Select(GridTables.MessageOf)];
    }

    /// <summary>Reads the shard's rows chunk by chunk: with their folds, and memory for their codes.</summary>
    private async Task ForEachChunkAsync(GridShardWork work, RowEncoder encoder, int[] classOf, Action<RawChunk, int[], ushort[]?> take, CancellationToken cancellationToken)
    {
        var shard = work.Work.Shard;
        var rows = new ShardRows(reader, work.Work.Source, new RowRange(shard.FirstRow, shard.LastRow - shard.FirstRow + 1), encoder);
        using var room = new ChunkRoom(encoder, (int)Math.Min(shard.LastRow - shard.FirstRow + 1, ShardRows.ChunkRowsOf(encoder)));
        foreach (var chunk in rows.Chunks())
        {
            cancellationToken.ThrowIfCancellationRequested();
            var raw = await rows.ReadAsync(chunk, classOf, cancellationToken, room.Values);
            take(raw, raw.FoldsOf(work.Folds), room.Codes);
        }
    }

    private static RowEncoder[] EncodersOf(GridShardWork work) => [.. work.Units.Select(unit => FeatureMaps.EncoderOf(unit.Features, work.Work.Source.Shape))];

    private static string FoldName(GridShardWork work, int unit, int fold) => $"{work.Units[unit].FoldFolders[fold]}/{work.Work.Shard.Hash}";

    private static string WholeName(GridShardWork work, int unit) => $"{work.Units[unit].Folder}/{work.Work.Shard.Hash}";
}
