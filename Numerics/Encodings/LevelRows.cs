using System.Buffers;

namespace ExplicitCluster.Numerics.Encodings;

/// <summary>
/// Rows in the blocks encoding that are held as levels, a byte a position, and whose codes are made where they are asked for. A position is in several blocks,
/// and so many more rows fit the same memory; codes themselves never leave the first-level cache.
/// </summary>
public sealed class LevelRows : IBlockCodes, IDisposable
{
    private const int BytesPerLine = 64;

    /// <summary>Codes of 8 KiB beside the levels they are made of.</summary>
    private const int StripRows = 4096;

    private readonly List<Part> _parts = [];
    private readonly byte[] _levels;
    private readonly int _stride;
    private readonly ushort[] _codes;

    /// <param name="encoder">Maps of levels; see <see cref="Suits"/>.</param>
    /// <param name="capacity">Most rows.</param>
    public LevelRows(RowEncoder encoder, int capacity)
    {
        (Layout, Capacity) = (encoder.Layout, capacity);
        // Levels are written 32 at a time, from any row on. An odd number of cache lines, so that positions do not compete for one cache set.
        _stride = ((capacity + LevelTiles.Rows + BytesPerLine - 1) / BytesPerLine | 1) * BytesPerLine;
        var columns = 0;
        for (var i = 0; i < encoder.Maps.Count; i++)
        {
            var map = (LevelMap)encoder.Maps[i];
            var digits = map.DigitsOf(encoder.Shape);
            _parts.Add(new Part(map, columns, ColumnsOf(digits), digits, encoder.Layout.Maps[i].FirstBlock));
            columns += ColumnsOf(digits);
        }
        _levels = ArrayPool<byte>.Shared.Rent(checked(columns * _stride));
        _codes = new ushort[StripRows + LevelTiles.Rows];
    }

    /// <inheritdoc/>
    public RowLayout Layout { get; }

    /// <inheritdoc/>
    public int Count { get; private set; }

    /// <summary>Most rows.</summary>
    public int Capacity { get; }

    int IBlockCodes.Strip => StripRows;

    /// <summary>Whether rows of these maps can be held so.</summary>
    public static bool Suits(RowEncoder encoder) => encoder.Layout.Kind == EncodingKind.Blocks && encoder.Maps.All(map => map is LevelMap);

    /// <summary>Bytes held a row.</summary>
    public static int BytesPerRow(RowEncoder encoder) => encoder.Maps.Sum(map => ColumnsOf(((LevelMap)map).DigitsOf(encoder.Shape)));

    /// <summary>Takes up rows behind those that are there.</summary>
    /// <exception cref="InvalidValueException">A value is negative, NaN or infinite; nothing was taken up.</exception>
    public void Add(RawRows rows)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rows.Count, Capacity - Count, nameof(rows));
        foreach (var part in _parts)
            part.Map.TilesOf(rows).WriteLevels(_levels.AsSpan(part.FirstColumn * _stride + Count), _stride, part.Columns);
        Count += rows.Count;
    }

    /// <summary>Lets go of all rows.</summary>
    public void Clear() => Count = 0;

    ReadOnlySpan<ushort> IBlockCodes.CodesOf(int block, int first, int count)
    {
        var part = _parts[0];
        for (var i = 1; i < _parts.Count && _parts[i].FirstBlock <= block; i++)
            part = _parts[i];
        var digits = part.Digits.AsSpan((block - part.FirstBlock) * part.Map.Digits, part.Map.Digits);
        var levels = _levels.AsSpan(part.FirstColumn * _stride);
        var radix = part.Map.Radix;
        for (var row = 0; row < count; row += LevelTiles.Rows)
            LevelTiles.WriteLine(levels, _stride, first + row, digits, radix, _codes.AsSpan(row, LevelTiles.Rows));
        return _codes.AsSpan(0, count);
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_levels);

    /// <summary>Positions up to the last that a block reads.</summary>
    private static int ColumnsOf(int[] digits) => digits.Max() + 1;

    /// <summary>The levels of one map.</summary>
    private sealed record Part(LevelMap Map, int FirstColumn, int Columns, int[] Digits, int FirstBlock);
}
