using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ExplicitCluster.Abstractions.Shards;

namespace ExplicitCluster.Data.Sources;

/// <summary>Cuts sources into shards. A function of the data and the specification alone: never of silos, cores or time.</summary>
public static class ShardPlan
{
    /// <summary>Shards of <paramref name="shardRows"/> rows in source order, the last of a source holding what remains; none crosses sources.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="shardRows"/> is below 1, or there are more than 2^31 - 1 shards.</exception>
    public static ImmutableArray<Shard> Cut(IReadOnlyList<SourceManifest> sources, int shardRows)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(shardRows, 1);
        var shards = ImmutableArray.CreateBuilder<Shard>();
        for (var source = 0; source < sources.Count; source++)
        {
            for (var first = 0L; first < sources[source].Rows; first += shardRows)
            {
                var rows = (int)Math.Min(shardRows, sources[source].Rows - first);
                shards.Add(new Shard(shards.Count, source, first, rows, HashOf(sources[source].Id, first, rows)));
            }
        }
        return shards.ToImmutable();
    }

    /// <summary>Hex SHA-256 of the ASCII text <c>ID:first:rows</c>.</summary>
    private static string HashOf(string id, long first, int rows) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}:{first}:{rows}"))));
}
