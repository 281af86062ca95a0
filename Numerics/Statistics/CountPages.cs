using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ExplicitCluster.Numerics.Statistics;

/// <summary>Rows of int32 counts gathered in order on pooled pages, so that growing copies nothing; widened to int64 where they are added or at the end.</summary>
internal sealed class CountPages(int classes) : ICountPart, IDisposable
{
    /// <summary>Cells of the two vectors that a row of up to so many classes is handed over in.</summary>
    public static readonly int RowVectors = 2 * Vector256<int>.Count;

    /// <summary>With the room behind the last row, what a pool has a size for.</summary>
    private static readonly int PageCells = (1 << 20) - RowVectors;

    private readonly List<int[]> _pages = [];
    private int[] _page = [];
    private readonly int _rowsPerPage = Math.Max(1, PageCells / Math.Max(1, classes));
    private int[] _inputs = ArrayPool<int>.Shared.Rent(1 << 12);
    private int _rows;
    private int _free;

    /// <inheritdoc/>
    public ReadOnlySpan<int> Seen => _inputs.AsSpan(0, _rows);

    public void Add(int input, ReadOnlySpan<int> counts) => counts.CopyTo(Append(input));

    /// <summary>The same for up to 16 classes; lanes beyond them may hold anything.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(int input, Vector256<int> low, Vector256<int> high)
    {
        // Lanes beyond the row fall on the next one, which is written later, or on the room that every page has at its end.
        ref var row = ref MemoryMarshal.GetReference(Append(input));
        low.StoreUnsafe(ref row);
        high.StoreUnsafe(ref row, (nuint)Vector256<int>.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Span<int> Append(int input)
    {
        if (_free == 0)
            StartPage();
        if (_rows == _inputs.Length)
            Grow();
        _inputs[_rows++] = input;
        return _page.AsSpan((_rowsPerPage - _free--) * classes, classes);
    }

    private void StartPage()
    {
        _page = ArrayPool<int>.Shared.Rent(Math.Max(1, _rowsPerPage * classes) + RowVectors);
        _pages.Add(_page);
        _free = _rowsPerPage;
    }

    public CountTable ToTable(int inputs)
    {
        var counts = GC.AllocateUninitializedArray<long>(checked(_rows * classes));
        var at = 0;
        foreach (var page in _pages)
        {
            var cells = page.AsSpan(0, Math.Min(_rowsPerPage * classes, counts.Length - at));
            Widen(cells, counts.AsSpan(at, cells.Length));
            at += cells.Length;
        }
        return new CountTable(inputs, classes, _inputs.AsSpan(0, _rows).ToArray(), counts);
    }

    /// <inheritdoc/>
    public void AddRows(int firstRow, int endRow, ReadOnlySpan<int> places, int firstInput, Span<long> counts)
    {
        for (var row = firstRow; row < endRow; row++)
        {
            var cells = _pages[row / _rowsPerPage].AsSpan(row % _rowsPerPage * classes, classes);
            AddRow(cells, counts.Slice(places[_inputs[row] - firstInput] * classes, classes));
        }
    }

    public void Dispose()
    {
        foreach (var page in _pages)
            ArrayPool<int>.Shared.Return(page);
        ArrayPool<int>.Shared.Return(_inputs);
        _pages.Clear();
    }

    private static void Widen(ReadOnlySpan<int> from, Span<long> to)
    {
        ref var source = ref MemoryMarshal.GetReference(from);
        ref var target = ref MemoryMarshal.GetReference(to);
        nuint i = 0;
        for (; i + (nuint)Vector256<int>.Count <= (nuint)from.Length; i += (nuint)Vector256<int>.Count)
        {
            var (low, high) = Vector256.Widen(Vector256.LoadUnsafe(ref source, i));
            low.StoreUnsafe(ref target, i);
            high.StoreUnsafe(ref target, i + (nuint)Vector256<long>.Count);
        }
        for (; i < (nuint)from.Length; i++)
            Unsafe.Add(ref target, i) = Unsafe.Add(ref source, i);
    }

    /// <summary>No sum of counts of 32 bits of fewer than 2^31 parts leaves 64 bits.</summary>
    private static void AddRow(ReadOnlySpan<int> source, Span<long> target)
    {
        ref var from = ref MemoryMarshal.GetReference(source);
        ref var to = ref MemoryMarshal.GetReference(target);
        nuint c = 0;
        for (; c + (nuint)Vector256<long>.Count <= (nuint)target.Length; c += (nuint)Vector256<long>.Count)
            (Vector256.WidenLower(Vector128.LoadUnsafe(ref from, c).ToVector256Unsafe()) + Vector256.LoadUnsafe(ref to, c)).StoreUnsafe(ref to, c);
        for (; c < (nuint)target.Length; c++)
            Unsafe.Add(ref to, c) += Unsafe.Add(ref from, c);
    }

    private void Grow()
    {
        var larger = ArrayPool<int>.Shared.Rent(2 * _inputs.Length);
        _inputs.CopyTo(larger, 0);
        ArrayPool<int>.Shared.Return(_inputs);
        _inputs = larger;
    }
}
