using System.Buffers.Binary;
using ExplicitCluster.Numerics.Tokens;

namespace ExplicitCluster.Numerics.Features;

/// <summary>Features of one group in ordinal order of their bytes, each with the number of rows that have it. Lists of disjoint rows merge.</summary>
public sealed class FeatureList
{
    private readonly byte[] _bytes;
    private readonly int[] _ends;

    /// <param name="bytes">The features end to end; handed over, not copied.</param>
    /// <param name="ends">Where each ends.</param>
    /// <param name="rows">Rows with each.</param>
    /// <exception cref="ArgumentException">Lengths do not fit, or the order is not ascending.</exception>
    public FeatureList(byte[] bytes, int[] ends, long[] rows)
    {
        (_bytes, _ends, Rows) = (bytes, ends, rows);
        if (rows.Length != ends.Length || (ends.Length == 0 ? 0 : ends[^1]) != bytes.Length)
            throw new ArgumentException($"{ends.Length} features with {rows.Length} counts end at {(ends.Length == 0 ? 0 : ends[^1])} of {bytes.Length} bytes", nameof(ends));
        for (var i = 1; i < Count; i++)
        {
            if (ends[i] < ends[i - 1] || this[i - 1].SequenceCompareTo(this[i]) >= 0)
                throw new ArgumentException($"feature {i} does not come after the one before it", nameof(bytes));
        }
    }

    public int Count => _ends.Length;

    /// <summary>The bytes of a feature.</summary>
    public ReadOnlySpan<byte> this[int index]
    {
        get
        {
            var start = index == 0 ? 0 : _ends[index - 1];
            return _bytes.AsSpan(start, _ends[index] - start);
        }
    }

    /// <summary>Rows with each feature.</summary>
    public long[] Rows { get; }

    /// <summary>The features end to end.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Where each feature ends.</summary>
    public ReadOnlySpan<int> Ends => _ends;

    /// <summary>The features of a table, sorted.</summary>
    /// <param name="table">Features in any order.</param>
    /// <param name="rows">Rows with each.</param>
    internal static FeatureList Sorted(TokenTable table, ReadOnlySpan<int> rows)
    {
        var (first, order) = (new ulong[table.Count], new int[table.Count]);
        Span<byte> start = stackalloc byte[8];
        for (var id = 0; id < order.Length; id++)
        {
            start.Clear();
            table[id][..Math.Min(8, table[id].Length)].CopyTo(start);
            (first[id], order[id]) = (BinaryPrimitives.ReadUInt64BigEndian(start), id);
        }
        Array.Sort(first, order);
        for (var from = 0; from < order.Length;)
        {
            var end = from + 1;
            while (end < order.Length && first[end] == first[from])
                end++;
            if (end - from > 1)
                order.AsSpan(from, end - from).Sort((a, b) => table[a].SequenceCompareTo(table[b]));
            from = end;
        }
        var builder = new FeatureListBuilder(order.Length);
        foreach (var id in order)
            builder.Add(table[id], rows[id]);
        return builder.ToList();
    }

    /// <summary>The union of lists over disjoint rows: counts add up.</summary>
    public static FeatureList Merge(IReadOnlyList<FeatureList> parts)
    {
        if (parts.Count == 1)
            return parts[0];
        if (parts.Count > 2)
            return Merge([Merge([.. parts.Take(parts.Count / 2)]), Merge([.. parts.Skip(parts.Count / 2)])]);
        if (parts.Count == 0)
            return new FeatureList([], [], []);
        var (a, b) = (parts[0], parts[1]);
        var builder = new FeatureListBuilder(Math.Max(a.Count, b.Count));
        for (int i = 0, j = 0; i < a.Count || j < b.Count;)
        {
            var order = i == a.Count ? 1 : j == b.Count ? -1 : a[i].SequenceCompareTo(b[j]);
            builder.Add(order <= 0 ? a[i] : b[j], checked((order <= 0 ? a.Rows[i] : 0) + (order >= 0 ? b.Rows[j] : 0)));
            i += order <= 0 ? 1 : 0;
            j += order >= 0 ? 1 : 0;
        }
        return builder.ToList();
    }

    /// <summary>Those that at least so many rows have.</summary>
    public FeatureList AtLeast(long rows)
    {
        var builder = new FeatureListBuilder(Count);
        for (var i = 0; i < Count; i++)
        {
            if (Rows[i] >= rows)
                builder.Add(this[i], Rows[i]);
        }
        return builder.ToList();
    }
}
