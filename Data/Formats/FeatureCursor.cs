using System.Runtime.InteropServices;
using ExplicitCluster.Data.Store;

namespace ExplicitCluster.Data.Formats;

/// <summary>Reads the features of one group of a stored file one after the other, with a buffer of so many.</summary>
/// <param name="store">Where the file is.</param>
/// <param name="name">The file.</param>
/// <param name="group">Its part.</param>
/// <param name="room">Features read at once.</param>
internal sealed class FeatureCursor(IArtifactStore store, string name, FeatureFilePart group, int room)
{
    private readonly long[] _rows = new long[Math.Min(room, group.Count)];
    private readonly int[] _ends = new int[Math.Min(room, group.Count)];
    private byte[] _bytes = [];
    private int _first;
    private int _held;
    private int _at = -1;
    private int _begin;

    /// <summary>The feature in hand.</summary>
    public ReadOnlySpan<byte> Feature
    {
        get
        {
            var start = _at == 0 ? _begin : _ends[_at - 1];
            return _bytes.AsSpan(start - _begin, _ends[_at] - start);
        }
    }

    /// <summary>Rows with it.</summary>
    public long Rows => _rows[_at];

    /// <summary>Goes on to the next feature that is in the buffer; false where it must be filled.</summary>
    public bool TryNext()
    {
        if (_at + 1 >= _held)
            return false;
        _at++;
        return true;
    }

    /// <summary>Fills the buffer and goes on to its first feature; false after the last.</summary>
    public async Task<bool> FillAsync(CancellationToken ct)
    {
        var before = _held == 0 ? 0 : _ends[_held - 1];
        _first += _held;
        _held = Math.Min(_rows.Length, group.Count - _first);
        if (_held == 0) return false;
        await ReadAsync(_rows, group.Offset + (long)_first * sizeof(long), ct);
        await ReadAsync(_ends, group.Offset + (long)group.Count * sizeof(long) + (long)_first * sizeof(int), ct);
        (_begin, _at) = (before, 0);
        var length = _ends[_held - 1] - _begin;
        if (_bytes.Length < length) _bytes = new byte[length];
        if (length > 0) await store.ReadRangeAsync(name, group.Offset + (long)group.Count * (sizeof(long) + sizeof(int)) + _begin, _bytes.AsMemory(0, length), ct);
        return true;
    }

    private async Task ReadAsync<T>(T[] numbers, long offset, CancellationToken ct)
        where T : unmanaged
    {
        var bytes = new byte[_held * Marshal.SizeOf<T>()];
        await store.ReadRangeAsync(name, offset, bytes, ct);
        MemoryMarshal.Cast<byte, T>(bytes).CopyTo(numbers);
    }
}
