using System.Text;
using System.Text.Unicode;

namespace ExplicitCluster.Data.Documents;

/// <summary>Gathers rows of a source of texts, one after the other; may be used again.</summary>
/// <param name="capacity">Bytes to begin with.</param>
internal sealed class DocumentBuffer(int capacity = 1 << 16)
{
    private readonly List<int> _ends = [];
    private readonly List<int> _labels = [];
    private readonly List<float> _weights = [];
    private byte[] _text = GC.AllocateUninitializedArray<byte>(capacity);
    private int _length;

    /// <summary>Whole rows.</summary>
    public int Count => _ends.Count;

    /// <summary>Bytes of the whole rows.</summary>
    public int Bytes => _ends.Count == 0 ? 0 : _ends[^1];

    /// <summary>Bytes of the row that is being gathered.</summary>
    public int Pending => _length - Bytes;

    public ReadOnlySpan<byte> Text => _text.AsSpan(0, Bytes);

    public List<int> Ends => _ends;

    public List<int> Labels => _labels;

    public List<float> Weights => _weights;

    /// <summary>Room for at least so many bytes of the row's text; <see cref="Advance"/> then says how many were used.</summary>
    public Span<byte> Reserve(int count)
    {
        var needed = checked(_length + count);
        if (needed > _text.Length)
            Array.Resize(ref _text, (int)Math.Min(Array.MaxLength, Math.Max(Math.Max(needed, 1 << 12), _text.Length * 2L)));
        return _text.AsSpan(_length);
    }

    public void Advance(int count) => _length += count;

    /// <summary>Appends to the row's text.</summary>
    public void Append(ReadOnlySpan<byte> text)
    {
        text.CopyTo(Reserve(text.Length));
        _length += text.Length;
    }

    /// <summary>Appends whole rows.</summary>
    public void Append(DocumentChunk rows)
    {
        var start = _length;
        Append(rows.Text);
        foreach (var end in rows.Ends) _ends.Add(start + end);
        _labels.AddRange(rows.Labels);
        _weights.AddRange(rows.Weights ?? []);
    }

    /// <summary>Ends the row; what of its text is no UTF-8 becomes U+FFFD. True where there was such a thing.</summary>
    /// <param name="label">Code of its label; below 0 where rows have none.</param>
    /// <param name="weight">Its weight; NaN where rows have none.</param>
    /// <param name="isText">Whether its bytes are to be UTF-8.</param>
    public bool EndRow(int label, float weight, bool isText = true)
    {
        var start = Bytes;
        var replaced = isText && !Utf8.IsValid(_text.AsSpan(start, _length - start));
        if (replaced)
        {
            var valid = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(_text, start, _length - start));
            _length = start;
            Append(valid);
        }
        _ends.Add(_length);
        if (label >= 0) _labels.Add(label);
        if (!float.IsNaN(weight)) _weights.Add(weight);
        return replaced;
    }

    public void Clear()
    {
        _ends.Clear();
        _labels.Clear();
        _weights.Clear();
        _length = 0;
    }

    /// <summary>Hands the rows over; the buffer is empty afterwards.</summary>
    public DocumentChunk ToChunk()
    {
        var rows = new DocumentChunk(_text, [.. _ends], [.. _labels], _weights.Count > 0 ? [.. _weights] : null);
        _text = [];
        Clear();
        return rows;
    }
}
