using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ExplicitCluster.Numerics.Statistics;

/// <summary>Rows of int32 counts gathered in order on pooled pages, so that growing copies nothing; widened to int64 once at the end.</summary>
internal sealed class CountPages(int classes) : IDisposable
{
    private const int PageCells = 1 << 18;

    private readonly List<int[]> _pages = [];
    private readonly int _rowsPerPage = Math.Max(1, PageCells / Math.Max(1, classes));
    private int[] _inputs = ArrayPool<int>.Shared.Rent(1 << 12);
    private int _rows;
    private int _free;

    public void Add(int input, ReadOnlySpan<int> counts)
    {
        if (_free == 0)
        {
            _pages.Add(ArrayPool<int>.Shared.Rent(Math.Max(1, _rowsPerPage * classes)));
            _free = _rowsPerPage;
        }
        if (_rows == _inputs.Length)
            Grow();
        _inputs[_rows++] = input;
        counts.CopyTo(_pages[^1].AsSpan((_rowsPerPage - _free) * classes, classes));
        _free--;
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
        for (; i + (nuint)Vector512<int>.Count <= (nuint)from.Length; i += (nuint)Vector512<int>.Count)
        {
            var (low, high) = Vector512.Widen(Vector512.LoadUnsafe(ref source, i));
            low.StoreUnsafe(ref target, i);
            high.StoreUnsafe(ref target, i + (nuint)Vector512<long>.Count);
        }
        for (; i < (nuint)from.Length; i++)
            Unsafe.Add(ref target, i) = Unsafe.Add(ref source, i);
    }

    private void Grow()
    {
        var larger = ArrayPool<int>.Shared.Rent(2 * _inputs.Length);
        _inputs.CopyTo(larger, 0);
        ArrayPool<int>.Shared.Return(_inputs);
        _inputs = larger;
    }
}
