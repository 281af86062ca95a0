using System.Security.Cryptography;

namespace ExplicitCluster.Data.Sources;

/// <summary>Reads a file once from start to end, hashing every byte, and can step back over what was just read.</summary>
internal sealed class HashingReader(Stream file) : IDisposable
{
    private const int BufferSize = 256 << 10;

    /// <summary>Bytes behind the position that <see cref="StepBack"/> can always reach.</summary>
    private const int Kept = 64 << 10;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _buffer = new byte[BufferSize + Kept];
    private long _bufferOffset;
    private int _position;
    private int _end;

    /// <summary>Offset in the file of the next byte.</summary>
    public long Offset => _bufferOffset + _position;

    public int Read(Span<byte> destination)
    {
        if (_position == _end && !Refill()) return 0;
        var count = Math.Min(destination.Length, _end - _position);
        _buffer.AsSpan(_position, count).CopyTo(destination);
        _position += count;
        return count;
    }

    /// <summary>The next bytes without reading them: <paramref name="count"/>, or fewer at the end of the file.</summary>
    public ReadOnlySpan<byte> Peek(int count)
    {
        while (_end - _position < count && Refill())
        {
        }
        return _buffer.AsSpan(_position, Math.Min(count, _end - _position));
    }

    public void Skip(int count) => _position += count;

    public void StepBack(int count) => _position -= count;

    /// <summary>Reads what is left of the file and returns the hex SHA-256 of all of it.</summary>
    public string Finish()
    {
        do _position = _end;
        while (Refill());
        return Convert.ToHexStringLower(_hash.GetHashAndReset());
    }

    public void Dispose() => _hash.Dispose();

    private bool Refill()
    {
        var start = Math.Max(0, _position - Kept);
        if (_buffer.Length - (_end - start) > 0 && start > 0)
        {
            _buffer.AsSpan(start, _end - start).CopyTo(_buffer);
            _bufferOffset += start;
            _position -= start;
            _end -= start;
        }
        var read = file.Read(_buffer.AsSpan(_end));
        _hash.AppendData(_buffer, _end, read);
        _end += read;
        return read > 0;
    }
}
