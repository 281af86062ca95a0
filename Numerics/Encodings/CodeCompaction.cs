using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Numerics.Encodings;

/// <summary>
/// Rare codes merged (docs/math.md 8): in every block the codes seen at least so many times become 1, 2, ... in ascending order, and every other code,
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
        Layout = RowLayout.OfBlockSizes("compacted", [.. _starts.Zip(_starts.Skip(1), (start, end) => end - start)]);
    }

    /// <summary>Layout of the rows before compaction.</summary>
    public RowLayout Raw { get; }

    /// <summary>Layout of the rows after it: the cells are its inputs.</summary>
    public RowLayout Layout { get; }

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

    /// <summary>The counts of the new codes as a table of those that were seen.</summary>
    public CountTable Compact(CountTable counts)
    {
        var folded = Fold(counts);
        int[] seen = [.. Enumerable.Range(0, Cells).Where(cell => folded.AsSpan(cell * counts.Classes, counts.Classes).ContainsAnyExcept(0))];
        var rows = new long[(long)seen.Length * counts.Classes];
        for (var i = 0; i < seen.Length; i++)
            folded.AsSpan(seen[i] * counts.Classes, counts.Classes).CopyTo(rows.AsSpan(i * counts.Classes));
        return new CountTable(Cells, counts.Classes, seen, rows);
    }

    /// <summary>The rows in new codes.</summary>
    public BlockRows Encode(BlockRows rows)
    {
        var encoded = new BlockRows(Layout, rows.Count);
        for (var block = 0; block < Blocks; block++)
        {
            var from = rows.Block(_rawBlocks[block]);
            var codeOf = CodesOf(block);
            var to = encoded.Block(block);
            for (var m = 0; m < from.Length; m++)
                to[m] = codeOf[from[m]];
        }
        return encoded;
    }

    /// <summary>
    /// Weights of new codes as rows of the raw inputs that are kept, ascending, with the row of the 0 of each raw block for all its others;
    /// a block that was dropped has weights of zero.
    /// </summary>
    /// <param name="weights">(Cells, C), row-major.</param>
    /// <param name="classes">C.</param>
    public (int[] Inputs, float[] Weights, Func<int, float[]> Others) Expand(ReadOnlySpan<float> weights, int classes)
    {
        var inputs = new List<int>();
        var rows = new List<float>();
        var others = new float[Raw.Blocks][];
        for (var block = 0; block < Blocks; block++)
        {
            var codeOf = CodesOf(block);
            for (var code = 0; code < codeOf.Length; code++)
            {
                if (codeOf[code] == 0)
                    continue;
                inputs.Add(Raw.BlockStart(_rawBlocks[block]) + code);
                rows.AddRange(weights.Slice((_starts[block] + codeOf[code]) * classes, classes));
            }
            others[_rawBlocks[block]] = weights.Slice(_starts[block] * classes, classes).ToArray();
        }
        return ([.. inputs], [.. rows], block => others[block] ?? new float[classes]);
    }

    private static long RowsOf(CountTable counts, int row)
    {
        long rows = 0;
        foreach (var count in counts.Row(row))
            rows = checked(rows + count);
        return rows;
    }
}
