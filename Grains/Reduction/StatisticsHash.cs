using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using ExplicitCluster.Abstractions.Reduction;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Grains.Reduction;

/// <summary>
/// statisticsSha256: labels in ordinal order (UTF-8, each ended by a 0 byte), then the SHA-256 of every format block of the merged F, in map and
/// block order. A block is hashed as its non-zero cells in ascending order: (cell uint64, value int64), little-endian; cells are numbered from 0
/// in each map. docs/formats.md.
/// </summary>
public static class StatisticsHash
{
    private const int CellBytes = sizeof(ulong) + sizeof(long);

    /// <summary>The hashes of a tile's format blocks.</summary>
    /// <param name="table">The tile's sum.</param>
    /// <param name="tile">Its run of inputs.</param>
    public static ImmutableArray<string> BlocksOf(CountTable table, Tile tile)
    {
        var stride = TilePlan.ClassStride(table.Classes);
        var inputsPerBlock = TilePlan.InputsPerBlock(table.Classes);
        var hashes = ImmutableArray.CreateBuilder<string>();
        var row = 0;
        var buffer = new byte[CellBytes * table.Classes];
        for (var first = 0; first < tile.Inputs; first += inputsPerBlock)
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            for (; row < table.Seen.Length && table.Seen[row] < tile.FirstInput + first + inputsPerBlock; row++)
            {
                var filled = 0;
                var counts = table.Row(row);
                for (var c = 0; c < counts.Length; c++)
                {
                    if (counts[c] == 0)
                        continue;
                    BinaryPrimitives.WriteUInt64LittleEndian(buffer.AsSpan(filled), (ulong)(table.Seen[row] - tile.MapFirstInput) * (ulong)stride + (ulong)c);
                    BinaryPrimitives.WriteInt64LittleEndian(buffer.AsSpan(filled + sizeof(ulong)), counts[c]);
                    filled += CellBytes;
                }
                hash.AppendData(buffer, 0, filled);
            }
            hashes.Add(Convert.ToHexStringLower(hash.GetHashAndReset()));
        }
        return hashes.ToImmutable();
    }

    /// <summary>The hash of the whole.</summary>
    public static string Of(IEnumerable<string> labels, IEnumerable<string> blocks)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var label in labels)
            hash.AppendData([.. Encoding.UTF8.GetBytes(label), 0]);
        foreach (var block in blocks)
            hash.AppendData(Convert.FromHexString(block));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
