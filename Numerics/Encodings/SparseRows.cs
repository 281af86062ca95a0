namespace ExplicitCluster.Numerics.Encodings;

/// <summary>
/// Sparse rows before normalisation: entries of row m are Starts[m] .. Starts[m + 1] - 1, each an input and its value, inputs ascending within a row.
/// Normalisation is part of the kernels that read them.
/// </summary>
public sealed class SparseRows
{
    /// <param name="layout">The layout of the rows.</param>
    /// <param name="starts">Count + 1 ascending numbers, the first 0.</param>
    /// <param name="indices">Inputs; handed over, not copied.</param>
    /// <param name="values">Values, finite and above 0; handed over, not copied.</param>
    /// <exception cref="ArgumentException">Lengths do not fit.</exception>
    public SparseRows(RowLayout layout, int[] starts, int[] indices, float[] values)
    {
        if (starts.Length == 0 || starts[0] != 0 || starts[^1] != indices.Length || indices.Length != values.Length)
            throw new ArgumentException($"rows that end at entry {(starts.Length == 0 ? 0 : starts[^1])} have {indices.Length} inputs and {values.Length} values", nameof(starts));
        (Layout, Starts, Indices, Values) = (layout, starts, indices, values);
    }

    public RowLayout Layout { get; }

    public int Count => Starts.Length - 1;

    /// <summary>Entries of all rows.</summary>
    public int Entries => Indices.Length;

    public int[] Starts { get; }

    public int[] Indices { get; }

    public float[] Values { get; }

    /// <summary>Copies of some consecutive rows.</summary>
    public SparseRows Slice(int first, int rows)
    {
        var (start, end) = (Starts[first], Starts[first + rows]);
        return new SparseRows(Layout, Array.ConvertAll(Starts[first..(first + rows + 1)], at => at - start), Indices[start..end], Values[start..end]);
    }

    /// <summary>|x|_1 of a row: a sequential float64 sum.</summary>
    public double NormOf(int row)
    {
        double norm = 0;
        for (var i = Starts[row]; i < Starts[row + 1]; i++)
            norm += Values[i];
        return norm;
    }

    /// <summary>
    /// The end of the entries from <paramref name="from"/> on that belong to one group; <paramref name="end"/> is the end of the row.
    /// </summary>
    public int EndOfGroup(int group, int from, int end)
    {
        var bound = Layout.Maps[group].FirstInput + Layout.Maps[group].Inputs;
        while (from < end && Indices[from] < bound)
            from++;
        return from;
    }
}
