using ExplicitCluster.Data.Sources;
using ExplicitCluster.Numerics.Encodings;

namespace ExplicitCluster.Data.Documents;

/// <summary>Some consecutive rows of a source of texts.</summary>
public sealed class DocumentChunk
{
    private readonly byte[] _text;
    private readonly int[] _ends;

    /// <param name="text">UTF-8 of the texts end to end.</param>
    /// <param name="ends">(count) where each text ends.</param>
    /// <param name="labels">(count) label codes, or none.</param>
    /// <param name="weights">(count) weights; null where every row weighs 1.</param>
    public DocumentChunk(byte[] text, int[] ends, int[] labels, float[]? weights) => (_text, _ends, Labels, Weights) = (text, ends, labels, weights);

    public int Count => _ends.Length;

    /// <summary>Bytes of all texts.</summary>
    public int Bytes => _ends.Length == 0 ? 0 : _ends[^1];

    /// <summary>(count) indices into the manifest's labels; empty where it has none.</summary>
    public int[] Labels { get; }

    /// <summary>(count) weights of at least 0; null where every row weighs 1.</summary>
    public float[]? Weights { get; }

    /// <summary>The UTF-8 of a row's text; may be empty.</summary>
    public ReadOnlySpan<byte> this[int row] => _text.AsSpan(row == 0 ? 0 : _ends[row - 1], _ends[row] - (row == 0 ? 0 : _ends[row - 1]));

    internal ReadOnlySpan<int> Ends => _ends;

    internal ReadOnlySpan<byte> Text => _text.AsSpan(0, Bytes);

    /// <summary>The same texts as raw rows.</summary>
    public LabelledRows Rows => new(RawRows.OfDocuments(_text.AsMemory(0, Bytes), _ends), Labels) { Weights = Weights };

    /// <summary>Consecutive rows.</summary>
    public DocumentChunk Slice(int first, int count)
    {
        if (count == Count) return this;
        var start = first == 0 ? 0 : _ends[first - 1];
        var ends = Array.ConvertAll(_ends[first..(first + count)], end => end - start);
        return new DocumentChunk(
            count == 0 ? [] : _text[start..(start + ends[^1])], ends, Labels.Length == 0 ? [] : Labels[first..(first + count)], Weights?[first..(first + count)]);
    }

    /// <summary>Some of the rows, by their indices from 0, ascending.</summary>
    public DocumentChunk Take(ReadOnlySpan<int> rows)
    {
        if (rows.Length == Count) return this;
        var ends = new int[rows.Length];
        for (var i = 0; i < rows.Length; i++) ends[i] = (i == 0 ? 0 : ends[i - 1]) + this[rows[i]].Length;
        var text = GC.AllocateUninitializedArray<byte>(rows.Length == 0 ? 0 : ends[^1]);
        var labels = new int[Labels.Length == 0 ? 0 : rows.Length];
        var weights = Weights is null ? null : new float[rows.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            this[rows[i]].CopyTo(text.AsSpan(ends[i] - this[rows[i]].Length));
            if (labels.Length > 0) labels[i] = Labels[rows[i]];
            if (weights is not null) weights[i] = Weights![rows[i]];
        }
        return new DocumentChunk(text, ends, labels, weights);
    }
}
