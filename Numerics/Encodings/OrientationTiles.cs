using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ExplicitCluster.Numerics.Encodings;

/// <summary>
/// Tiles of the levels of cells (docs/math.md 7): a position is a cell. All arithmetic is of integers and the same for all rows of a tile, so
/// vectors run across rows.
/// </summary>
internal sealed class OrientationTiles : LevelTiles
{
    /// <summary>Rows of a vector of 16-bit numbers.</summary>
    private const int Half = 16;

    private readonly RawRows _rows;
    private readonly OrientationSettings _settings;
    private readonly (int Across, int Down) _grid;
    private readonly (int Weak, int Strong) _least;
    private readonly byte[] _pixels;

    // (pixel, row): the bin and the length of every gradient.
    private readonly ushort[] _bins;
    private readonly ushort[] _lengths;

    // (column, half, bin, row): for one row of cells the sums of lengths down each column of pixels; first the even rows of the half, then the odd ones.
    private readonly int[] _sums;

    public OrientationTiles(RawRows rows, OrientationSettings settings, (int Across, int Down) grid)
        : base(rows.Count, grid.Across * grid.Down, settings.Levels)
    {
        (_rows, _settings, _grid) = (rows, settings, grid);
        _least = (LeastOf(settings.Weak), LeastOf(settings.Strong));
        _pixels = new byte[rows.Shape.Columns * Rows];
        _bins = new ushort[rows.Shape.Columns * Rows];
        _lengths = new ushort[rows.Shape.Columns * Rows];
        _sums = new int[rows.Shape.Width * settings.Bins * Rows];
    }

    protected override void Read(int first, int count, Span<byte> tile)
    {
        var columns = _rows.Shape.Columns;
        TurnedBytes.Write(_rows.Bytes.Slice(first * columns, count * columns), columns, _pixels);
        Gradients();
        var present = Vector256.LessThan(Vector256<byte>.Indices, Vector256.Create((byte)count));
        for (var down = 0; down < _grid.Down; down++)
        {
            SumColumns(down * _settings.Stride);
            for (var across = 0; across < _grid.Across; across++)
                (LevelsOf(across * _settings.Stride) & present).StoreUnsafe(ref tile[(down * _grid.Across + across) * Rows]);
        }
    }

    /// <summary>The least sum of a cell that is not below a threshold.</summary>
    private int LeastOf(double threshold) => (int)Math.Min(Math.Ceiling(16.0 * _settings.Cell * _settings.Cell * threshold), int.MaxValue);

    private void Gradients()
    {
        var (width, height) = (_rows.Shape.Width, _rows.Shape.Height);
        for (var y = 0; y < height; y++)
        {
            var (above, below) = (Math.Max(y - 1, 0) * width, Math.Min(y + 1, height - 1) * width);
            for (var x = 0; x < width; x++)
            {
                var at = y * width + x;
                var (right0, right1) = Signed(x + 1 < width ? at + 1 : at);
                var (left0, left1) = Signed(x > 0 ? at - 1 : at);
                var (below0, below1) = Signed(below + x);
                var (above0, above1) = Signed(above + x);
                Gradient(right0 - left0, below0 - above0, at * Rows);
                Gradient(right1 - left1, below1 - above1, at * Rows + Half);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private (Vector256<short> First, Vector256<short> Second) Signed(int pixel)
    {
        var (first, second) = Vector256.Widen(Vector256.LoadUnsafe(ref _pixels[pixel * Rows]));
        return (first.AsInt16(), second.AsInt16());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Gradient(Vector256<short> gx, Vector256<short> gy, int at)
    {
        var (ax, ay) = (Vector256.Abs(gx).AsUInt16(), Vector256.Abs(gy).AsUInt16());
        // 70/169 is the largest fraction below tan 22.5 degrees = sqrt(2) - 1 with a denominator up to 255, so that these two say exactly
        // (ax + ay)^2 < 2 ax^2 and (ax + ay)^2 < 2 ay^2; 169 x 255 fits 16 bits.
        var flat = Vector256.LessThanOrEqual(ay * 169, ax * 70).AsInt16();
        var steep = Vector256.LessThanOrEqual(ax * 169, ay * 70).AsInt16();
        var (toRight, toBelow) = (Vector256.GreaterThan(gx, Vector256<short>.Zero), Vector256.GreaterThan(gy, Vector256<short>.Zero));
        var diagonal = Vector256.ConditionalSelect(toBelow, Either(toRight, 1, 3), Either(toRight, 7, 5));
        var direction = Vector256.ConditionalSelect(
            flat, Either(toRight, 0, 4), Vector256.ConditionalSelect(steep, Either(toBelow, 2, 6), diagonal));
        (direction.AsUInt16() & Vector256.Create((ushort)(_settings.Bins - 1))).StoreUnsafe(ref _bins[at]);

        var (x0, x1) = Vector256.Widen(gx);
        var (y0, y1) = Vector256.Widen(gy);
        Vector256.Narrow(Length(x0, y0).AsUInt32(), Length(x1, y1).AsUInt32()).StoreUnsafe(ref _lengths[at]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> Either(Vector256<short> condition, short yes, short no) =>
        Vector256.ConditionalSelect(condition, Vector256.Create(yes), Vector256.Create(no));

    /// <summary>floor(sqrt(256 (gx^2 + gy^2))). The square is exact as float32; its root may round up to the next whole number, which is taken back.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Length(Vector256<int> gx, Vector256<int> gy)
    {
        var square = (gx * gx + gy * gy) << 8;
        var root = Vector256.ConvertToInt32(Vector256.Sqrt(Vector256.ConvertToSingle(square)));
        return root + Vector256.GreaterThan(root * root, square);
    }

    /// <summary>The sums of every bin down each column of pixels, over the pixels of one row of cells that starts at line <paramref name="y"/>.</summary>
    private void SumColumns(int y)
    {
        var (width, bins, stop) = (_rows.Shape.Width, _settings.Bins, (y + _settings.Cell) * _rows.Shape.Width * Rows);
        var evenRows = Vector256.Create(0xFFFF);
        ref var binOf = ref MemoryMarshal.GetArrayDataReference(_bins);
        ref var lengthOf = ref MemoryMarshal.GetArrayDataReference(_lengths);
        ref var sums = ref MemoryMarshal.GetArrayDataReference(_sums);
        nuint to = 0;
        for (var column = 0; column < width * 2; column++)
        {
            for (var bin = 0; bin < bins; bin++)
            {
                var (even, odd, wanted) = (Vector256<int>.Zero, Vector256<int>.Zero, Vector256.Create((ushort)bin));
                for (var at = y * width * Rows + column * Half; at < stop; at += width * Rows)
                {
                    var mine = Vector256.Equals(Vector256.LoadUnsafe(ref binOf, (nuint)at), wanted);
                    var lengths = (Vector256.LoadUnsafe(ref lengthOf, (nuint)at) & mine).AsInt32();
                    even += lengths & evenRows;
                    odd += lengths >>> 16;
                }
                even.StoreUnsafe(ref sums, to);
                odd.StoreUnsafe(ref sums, to + (nuint)Vector256<int>.Count);
                to += Half;
            }
        }
    }

    /// <summary>The levels of the cell that starts at column <paramref name="x"/>, of all rows of the tile.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector256<byte> LevelsOf(int x) => Vector256.Narrow(LevelsOfHalf(2 * x), LevelsOfHalf(2 * x + 1));

    private Vector256<ushort> LevelsOfHalf(int column)
    {
        var bins = _settings.Bins;
        ref var sums = ref MemoryMarshal.GetArrayDataReference(_sums);
        var (mostEven, mostOdd) = (Vector256.Create(-1), Vector256.Create(-1));
        var (binEven, binOdd) = (Vector256<int>.Zero, Vector256<int>.Zero);
        for (var bin = 0; bin < bins; bin++)
        {
            var (even, odd) = (Vector256<int>.Zero, Vector256<int>.Zero);
            var at = (nuint)((column * bins + bin) * Half);
            for (var i = 0; i < _settings.Cell; i++)
            {
                even += Vector256.LoadUnsafe(ref sums, at);
                odd += Vector256.LoadUnsafe(ref sums, at + (nuint)Vector256<int>.Count);
                at += (nuint)(2 * bins * Half);
            }
            binEven = Vector256.ConditionalSelect(Vector256.GreaterThan(even, mostEven), Vector256.Create(bin), binEven);
            binOdd = Vector256.ConditionalSelect(Vector256.GreaterThan(odd, mostOdd), Vector256.Create(bin), binOdd);
            mostEven = Vector256.Max(mostEven, even);
            mostOdd = Vector256.Max(mostOdd, odd);
        }
        return (LevelOf(mostEven, binEven) | (LevelOf(mostOdd, binOdd) << 16)).AsUInt16();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector256<int> LevelOf(Vector256<int> most, Vector256<int> bin)
    {
        var strong = Vector256.GreaterThanOrEqual(most, Vector256.Create(_least.Strong));
        var level = Vector256.Create(1) + bin + bin - strong;
        return level & Vector256.GreaterThanOrEqual(most, Vector256.Create(_least.Weak));
    }
}
