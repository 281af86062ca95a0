using System.Collections.Immutable;
using System.Diagnostics;
using ExplicitCluster.Abstractions.Grid;
using ExplicitCluster.Abstractions.Reduction;
using ExplicitCluster.Data.Formats;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Grains.Hosting;
using ExplicitCluster.Grains.Reduction;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Grains.Grid;

/// <inheritdoc cref="IGridReducerGrain"/>
/// <remarks>A fold's file has in its header the hashes of its own format blocks and then those of all other rows, so that they are computed once.</remarks>
[SpreadPlacement]
internal sealed class GridReducerGrain(IArtifactStore store, ComputeGate gate, ExplicitInstruments instruments) : Grain, IGridReducerGrain
{
    public Task<GridTileHashes> ReduceAsync(GridReduceWork work, CancellationToken cancellationToken = default) =>
        Failures.Translate(() => gate.RunAsync(
            async token =>
            {
                using var trace = ExplicitInstruments.Trace("reduce", this.GetPrimaryKeyString());
                var start = Stopwatch.GetTimestamp();
                var result = await FindAsync(work, token) ?? await SumAsync(work, token);
                instruments.Took("reduce", Stopwatch.GetElapsedTime(start));
                return result;
            },
            cancellationToken));

    private async Task<GridTileHashes> SumAsync(GridReduceWork work, CancellationToken cancellationToken)
    {
        var (statistics, tile) = (work.Statistics, work.Statistics.Whole.Tiles[work.TileIndex]);
        var labels = statistics.Whole.Labels;
        var all = new CountSum(tile.FirstInput, tile.Inputs, labels.Length);
        var folds = new List<CountTable>();
        foreach (var folder in work.Unit.FoldFolders)
        {
            var table = await SumAsync(tile, labels, statistics.Whole.Inputs, [.. work.Shards.Select(shard => $"{folder}/{shard}")], cancellationToken);
            all.Add(table.Between(tile.FirstInput, tile.FirstInput + tile.Inputs));
            folds.Add(table);
        }
        var whole = all.ToTable(statistics.Whole.Inputs);
        var wholeHashes = StatisticsHash.BlocksOf(whole, tile);
        await WriteAsync(statistics.Whole, work.TileIndex, whole, wholeHashes, cancellationToken);
        var without = ImmutableArray.CreateBuilder<ImmutableArray<string>>();
        for (var fold = 0; fold < folds.Count; fold++)
        {
            without.Add(StatisticsHash.BlocksOf(whole.Without(folds[fold]), tile));
            await WriteAsync(statistics.Folds[fold], work.TileIndex, folds[fold], [.. StatisticsHash.BlocksOf(folds[fold], tile), .. without[fold]], cancellationToken);
        }
        return new GridTileHashes(wholeHashes, without.ToImmutable());
    }

    private async Task<CountTable> SumAsync(Tile tile, ImmutableArray<string> labels, int inputs, ImmutableArray<string> names, CancellationToken cancellationToken)
    {
        var sum = new CountSum(tile.FirstInput, tile.Inputs, labels.Length);
        await Failures.Heal(
            store, () => StatisticsFile.AddCountsAsync(store, names, sum, ofShard => [.. ofShard.Select(label => labels.IndexOf(label))], cancellationToken));
        return sum.ToTable(inputs);
    }

    private Task WriteAsync(MergedStatistics merged, int tile, CountTable table, ImmutableArray<string> hashes, CancellationToken cancellationToken) =>
        StatisticsFile.WriteAsync(
            store, merged.TileName(tile), table, new StatisticsTotals([.. merged.ClassRows], [.. merged.ClassMass], merged.ZeroRows), merged.Labels, hashes, cancellationToken);

    /// <summary>The hashes, where the sums of all folds and of the whole are in the store; damaged ones are removed, to be summed again.</summary>
    private async Task<GridTileHashes?> FindAsync(GridReduceWork work, CancellationToken cancellationToken)
    {
        var without = ImmutableArray.CreateBuilder<ImmutableArray<string>>();
        foreach (var fold in work.Statistics.Folds)
        {
            if (await HashesOfAsync(fold.TileName(work.TileIndex), cancellationToken) is not { } hashes)
                return null;
            without.Add(hashes[(hashes.Length / 2)..]);
        }
        return await HashesOfAsync(work.Statistics.Whole.TileName(work.TileIndex), cancellationToken) is { } whole ? new GridTileHashes(whole, without.ToImmutable()) : null;
    }

    private async Task<ImmutableArray<string>?> HashesOfAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return (await StatisticsFile.ReadHeaderAsync(store, name, cancellationToken))?.BlockHashes;
        }
        catch (ArtifactDamagedException)
        {
            await store.DeleteAsync(name, cancellationToken);
            return null;
        }
    }
}
