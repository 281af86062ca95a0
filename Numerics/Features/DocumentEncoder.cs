using ExplicitCluster.Numerics.Elementary;
using ExplicitCluster.Numerics.Encodings;

namespace ExplicitCluster.Numerics.Features;

/// <summary>Gathers sparse rows one by one. Belongs to one thread.</summary>
/// <param name="layout">Layout of the rows.</param>
public abstract class DocumentEncoder(RowLayout layout)
{
    private readonly List<int> _starts = [0];
    private int[] _indices = new int[1 << 10];
    private float[] _values = new float[1 << 10];
    private int _length;

    /// <summary>Appends one row, whose features come from its bytes.</summary>
    public abstract void Add(ReadOnlySpan<byte> row);

    /// <summary>The rows since the last call.</summary>
    public SparseRows Take()
    {
        var rows = new SparseRows(layout, [.. _starts], _indices[.._length], _values[.._length]);
        _starts.Clear();
        _starts.Add(0);
        _length = 0;
        return rows;
    }

    /// <summary>Makes room for so many entries.</summary>
    private protected void Reserve(int entries)
    {
        if (_indices.Length - _length >= entries)
            return;
        Array.Resize(ref _indices, 2 * (_length + entries));
        Array.Resize(ref _values, 2 * (_length + entries));
    }

    /// <summary>Appends an entry, for which there is room; inputs come in ascending order.</summary>
    private protected void Append(int input, double count, CountKind counts)
    {
        _indices[_length] = input;
        _values[_length++] = counts switch
        {
            CountKind.Raw => (float)count,
            CountKind.Binary => 1,
            _ => (float)SameBits.Log(1.0 + count),
        };
    }

    private protected void EndRow() => _starts.Add(_length);
}
