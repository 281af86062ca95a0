using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Numerics.Encodings;

/// <summary>
/// Rare codes merged (docs/math.md 5): in every block the codes seen at least so many times become 1, 2, ... in ascending order, and every other code,
/// rare or never seen, becomes 0. A block with fewer than two kept codes says nothing and is dropped. A function of the counts alone.
/// </summary>
public sealed class CodeCompaction
{
    private readonly ushort[] _codeOf;
    private readonly int[] _rawBlocks;
    private readonly int[] _starts;

    /// <param name="raw">Layout of the rows as they are encoded.</param>
    /// <param name="counts">F over all training rows: (D, C).</param>
    /// <param name="least">Rows that a code must have occurred in to be kept; at least 1.</param>
    /// <exception cref="FeatureException">No block is left, or a block keeps all of 65,536 codes.</exception>
    public CodeCompaction(RowLayout raw, CountTable counts, int least)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(least, 1);
        Raw = raw;
        _codeOf = new ushort[raw.Inputs];
        var (rawBlocks, starts) = (new List<int>(), new List<int> { 0 });
        var row = 0;
        for (var block = 0; block < raw.Blocks; block++)
        {
            var kept = 0;
            var first = row;
            for (; row < counts.Seen.Length && counts.Seen[row] < raw.BlockStart(block + 1); row++)
            {
                if (RowsOf(counts, row) < least)
                    continue;
                if (++kept > ushort.MaxValue)
                    throw new FeatureException($"block {block} keeps {kept:N0} codes or more, and one must be left for the rare ones", "use smaller windows or fewer levels");
                _codeOf[counts.Seen[row]] = (ushort)kept;
            }
            if (kept >= 2)
            {
                rawBlocks.Add(block);
                starts.Add(checked(starts[^1] + kept + 1));
                continue;
            }
            for (; first < row; first++)
                _codeOf[counts.Seen[first]] = 0;
        }
        if (rawBlocks.Count == 0)
            throw new FeatureException($"no block has two codes that occur {least} times or more", "set compact lower, or use other features");
        (_rawBlocks, _starts) = ([.. rawBlocks], [.. starts]);
    }

    /// <summary>Layout of the rows before compaction.</summary>
    public RowLayout Raw { get; }

    /// <summary>P, the number of blocks kept, numbered in the order of the raw ones.</summary>
    public int Blocks => _rawBlocks.Length;

    /// <summary>Codes over all blocks, the 0 of each included.</summary>
    public int Cells => _starts[^1];

    /// <summary>P + 1 ascending numbers: code i of block p is cell starts[p] + i.</summary>
    public ReadOnlySpan<int> Starts => _starts;

    /// <summary>The raw block that a block was.</summary>
    public int RawBlockOf(int block) => _rawBlocks[block];

    /// <summary>The new code of each code of the raw block that a block was.</summary>
    public ReadOnlySpan<ushort> CodesOf(int block) => _codeOf.AsSpan(Raw.BlockStart(_rawBlocks[block]), Raw.BlockSize(_rawBlocks[block]));

    /// <summary>The counts of the new codes: (Cells, C), row-major, rare codes summed.</summary>
    public long[] Fold(CountTable counts)
    {
        var folded = new long[(long)Cells * counts.Classes];
        var row = 0;
        for (var block = 0; block < Blocks; block++)
        {
            var raw = _rawBlocks[block];
            while (row < counts.Seen.Length && counts.Seen[row] < Raw.BlockStart(raw))
                row++;
            for (; row < counts.Seen.Length && counts.Seen[row] < Raw.BlockStart(raw + 1); row++)
            {
                var target = folded.AsSpan((_starts[block] + _codeOf[counts.Seen[row]]) * counts.Classes, counts.Classes);
                for (var c = 0; c < counts.Classes; c++)
                    target[c] = checked(target[c] + counts.Row(row)[c]);
            }
        }
        return folded;
    }

    private static long RowsOf(CountTable counts, int row)
    {
        long rows = 0;
        foreach (var count in counts.Row(row))
            rows = checked(rows + count);
        return rows;
    }
}
