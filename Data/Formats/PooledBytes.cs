using System.Buffers;

namespace ExplicitCluster.Data.Formats;

/// <summary>Bytes gathered in pooled memory: fresh memory would have to be cleared first, and again whenever it grows.</summary>
internal sealed class PooledBytes : IDisposable
{
    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(1 << 20);

    /// <summary>Bytes gathered.</summary>
    public int Count { get; private set; }

    /// <summary>All of them; they hold until more are gathered.</summary>
    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, Count);

    /// <summary>Room for at least so many more; what is written there counts with <see cref="Advance"/>.</summary>
    public Span<byte> GetSpan(int length)
    {
        if (_bytes.Length - Count < length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(checked((int)Math.Min(Math.Max(2L * _bytes.Length, Count + (long)length), Array.MaxLength)));
            Written.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = larger;
        }
        return _bytes.AsSpan(Count);
    }

    public void Advance(int length) => Count += length;

    public void Dispose() => ArrayPool<byte>.Shared.Return(_bytes);
}
