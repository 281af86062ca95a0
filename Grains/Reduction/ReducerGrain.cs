using System.Diagnostics;
using ExplicitCluster.Abstractions.Reduction;
using ExplicitCluster.Data.Formats;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Grains.Hosting;
using ExplicitCluster.Grains.Shards;
using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Solution;
using ExplicitCluster.Numerics.Statistics;
using Microsoft.Extensions.Logging;

namespace ExplicitCluster.Grains.Reduction;

/// <inheritdoc cref="IReducerGrain"/>
[SpreadPlacement]
internal sealed partial class ReducerGrain(IArtifactStore store, ComputeGate gate, ExplicitInstruments instruments, ILogger<ReducerGrain> logger) : Grain, IReducerGrain
{
    public Task<TileHashes> ReduceAsync(ReduceWork work, CancellationToken cancellationToken = default) =>
        DoAsync("reduce", token => SumAsync(work, token), cancellationToken);

    public Task<TileWeights> SolveAsync(SolveWork work, CancellationToken cancellationToken = default) =>
        DoAsync("solve", token => WriteWeightsAsync(work, token), cancellationToken);

    private Task<T> DoAsync<T>(string name, Func<CancellationToken, Task<T>> run, CancellationToken cancellationToken) =>
        Failures.Translate(() => gate.RunAsync(
            async token =>
            {
                using var trace = ExplicitInstruments.Trace(name, this.GetPrimaryKeyString());
                var start = Stopwatch.GetTimestamp();
                var result = await run(token);
                var took = Stopwatch.GetElapsedTime(start);
                instruments.Took(name, took);
                LogDone(logger, name, took.TotalMilliseconds);
                return result;
            },
            cancellationToken));

    /// <summary>Sums the tile over the shards in shard order, writes it and returns its hashes.</summary>
    private async Task<TileHashes> SumAsync(ReduceWork work, CancellationToken cancellationToken)
    {
        var (merged, tile) = (work.Merged, work.Merged.Tiles[work.TileIndex]);
        var name = merged.TileName(work.TileIndex);
        if (await FindAsync(name, cancellationToken) is { } stored)
            return stored;
        var classes = merged.Labels.Length;
        var sum = new CountSum(tile.FirstInput, tile.Inputs, classes);
        await Failures.Heal(
            store,
            () => StatisticsFile.AddCountsAsync(
                store, work.ShardStatistics, sum, labels => [.. labels.Select(label => merged.Labels.IndexOf(label))], cancellationToken));
        var table = sum.ToTable(merged.Inputs);
        var hashes = StatisticsHash.BlocksOf(table, tile);
        var totals = new StatisticsTotals([.. merged.ClassRows], [.. merged.ClassMass], merged.ZeroRows);
        await StatisticsFile.WriteAsync(store, name, table, totals, merged.Labels, hashes, cancellationToken);
        return new TileHashes(hashes);
    }

    private async Task<TileHashes?> FindAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return await StatisticsFile.ReadHeaderAsync(store, name, cancellationToken) is { } header ? new TileHashes(header.BlockHashes) : null;
        }
        catch (ArtifactDamagedException)
        {
            await store.DeleteAsync(name, cancellationToken);
            return null;
        }
    }

    /// <summary>The tile's share of the explicit solution: the inputs seen and their weights, as a safetensors part.</summary>
    private async Task<TileWeights> WriteWeightsAsync(SolveWork work, CancellationToken cancellationToken)
    {
        // Of texts the parts of F are alike, however many groups there are.
        var layout = work.Layout.Features.IsEmpty ? RowLayout.Sparse([("texts", work.Merged.Inputs)]) : FeatureMaps.EncoderOf(work.Layout).Layout;
        var solution = new ExplicitSolution(layout, MergedTables.TotalsOf(work.Merged), new SolveSettings(work.K, work.Alpha, work.Beta));
        var table = await MergedTables.LoadTileAsync(store, work.Merged, work.TileIndex, cancellationToken);
        var weights = solution.Solve(table);
        return new TileWeights(await WeightsPart.WriteAsync(store, work.WeightsName, table.Seen, weights, work.Merged.Labels.Length, cancellationToken));
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Work} took {Milliseconds:F0} ms")]
    private static partial void LogDone(ILogger logger, string work, double milliseconds);
}
