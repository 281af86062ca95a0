namespace ExplicitCluster.Numerics.Tokens;

/// <summary>Tokens as bytes end to end, and where each ends. To be filled, read and cleared again and again; its memory stays.</summary>
public sealed class TokenBuffer
{
    private byte[] _bytes = new byte[4096];
    private int[] _ends = new int[1024];
    private int _length;

    /// <summary>Number of tokens.</summary>
    public int Count { get; private set; }

    /// <summary>The bytes of one token; valid until something is added.</summary>
    public ReadOnlySpan<byte> this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            var start = index == 0 ? 0 : _ends[index - 1];
            return _bytes.AsSpan(start, _ends[index] - start);
        }
    }

    /// <summary>Appends a token.</summary>
    public void Add(ReadOnlySpan<byte> token)
    {
        token.CopyTo(Room(token.Length));
        Commit(token.Length);
    }

    /// <summary>Appends the token that <paramref name="text"/> is in UTF-8.</summary>
    public void Add(ReadOnlySpan<char> text) => Commit(System.Text.Encoding.UTF8.GetBytes(text, Room(3 * text.Length)));

    public void Clear() => (Count, _length) = (0, 0);

    /// <summary>At least <paramref name="bytes"/> of free memory for the next token, which <see cref="Commit"/> then makes one.</summary>
    internal Span<byte> Room(int bytes)
    {
        if (_bytes.Length - _length < bytes)
            Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, checked(_length + bytes)));
        return _bytes.AsSpan(_length);
    }

    /// <summary>The first <paramref name="bytes"/> of what <see cref="Room"/> gave are the next token.</summary>
    internal void Commit(int bytes)
    {
        if (Count == _ends.Length)
            Array.Resize(ref _ends, 2 * _ends.Length);
        _length += bytes;
        _ends[Count++] = _length;
    }
}
