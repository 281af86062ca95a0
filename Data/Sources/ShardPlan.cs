using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ExplicitCluster.Abstractions.Shards;

namespace ExplicitCluster.Data.Sources;

/// <summary>Cuts sources into shards. A function of the data and the specification alone: never of silos, cores or time.</summary>
public static class ShardPlan
{
    /// <summary>
    /// Cuts of <paramref name="shardRows"/> rows in source order, the last of a source holding what remains; none crosses sources. Removed rows do
    /// not move the cuts: a shard counts what is left of its own, and one of which nothing is left is passed over.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="shardRows"/> is below 1, or there are more than 2^31 - 1 shards.</exception>
    public static ImmutableArray<Shard> Cut(IReadOnlyList<SourceManifest> sources, int shardRows)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(shardRows, 1);
        var shards = ImmutableArray.CreateBuilder<Shard>();
        var index = 0;
        for (var source = 0; source < sources.Count; source++)
        {
            for (var first = 0L; first < sources[source].Rows; first += shardRows, index = checked(index + 1))
            {
                var kept = KeptRows.Of(sources[source], first, Math.Min(shardRows, sources[source].Rows - first));
                if (kept.IsEmpty) continue;
                var rows = (int)kept.Sum(range => range.Count);
                shards.Add(new Shard(index, source, kept[0].First, rows, HashOf(sources[source].Id, kept), kept[^1].First + kept[^1].Count - 1));
            }
        }
        return shards.ToImmutable();
    }

    /// <summary>Hex SHA-256 of the ASCII text <c>ID:first:rows</c>; of several ranges <c>ID:first:rows,first:rows</c> and so on.</summary>
    private static string HashOf(string id, ImmutableArray<RowRange> kept)
    {
        var ranges = string.Join(',', kept.Select(range => string.Create(CultureInfo.InvariantCulture, $"{range.First}:{range.Count}")));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes($"{id}:{ranges}")));
    }
}
