using ExplicitCluster.Abstractions.Reduction;
using ExplicitCluster.Data.Formats;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Grains.Hosting;
using ExplicitCluster.Numerics.Solution;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Grains.Reduction;

/// <summary>Reads merged statistics back.</summary>
internal static class MergedTables
{
    public static ClassTotals TotalsOf(MergedStatistics merged) => new([.. merged.ClassRows], [.. merged.ClassMass])
    {
        Weights = merged.ClassWeights.IsDefaultOrEmpty ? null : [.. merged.ClassWeights],
    };

    /// <summary>All tiles as one table: only the inputs that were seen.</summary>
    public static async Task<CountTable> LoadAsync(IArtifactStore store, MergedStatistics merged, CancellationToken cancellationToken)
    {
        var tiles = new List<CountTable>();
        foreach (var (part, firstInput) in merged.Parts())
        {
            for (var tile = 0; tile < part.Tiles.Length; tile++)
            {
                var table = await LoadTileAsync(store, part, tile, cancellationToken);
                tiles.Add(firstInput == 0 ? table : new CountTable(merged.Inputs, table.Classes, Array.ConvertAll(table.Seen, input => firstInput + input), table.Counts));
            }
        }
        if (tiles.Count == 1)
            return tiles[0];
        var seen = new int[tiles.Sum(tile => tile.Seen.Length)];
        var counts = new long[tiles.Sum(tile => (long)tile.Counts.Length)];
        var at = 0;
        foreach (var tile in tiles)
        {
            tile.Seen.CopyTo(seen, at);
            tile.Counts.CopyTo(counts, (long)at * merged.Labels.Length);
            at += tile.Seen.Length;
        }
        return new CountTable(merged.Inputs, merged.Labels.Length, seen, counts);
    }

    public static async Task<CountTable> LoadTileAsync(IArtifactStore store, MergedStatistics merged, int tile, CancellationToken cancellationToken)
    {
        var run = merged.Tiles[tile];
        var table = await Failures.Heal(
            store, () => StatisticsFile.ReadCountsAsync(store, merged.TileName(tile), run.FirstInput, run.FirstInput + run.Inputs, cancellationToken));
        return merged.Columns.IsEmpty ? table : table.OfClasses(merged.Columns);
    }
}
