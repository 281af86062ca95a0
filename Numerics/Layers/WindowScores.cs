using System.Buffers;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using ExplicitCluster.Numerics.Elementary;
using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Solution;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Numerics.Layers;

/// <summary>
/// Scores of the classes in windows of blocks, from a layer's statistics (docs/math.md 12): the sum over the window's blocks of
/// <c>round-half-even(2^24 (log(F + a) - log(n_c + a B)))</c>, without a prior. Sums of integers, so that neither order nor ties depend on how they are
/// added. A row that is in the statistics is left out of them: in its own class, F - 1 and n_y - 1. What a refinement moved is added. Safe for concurrent use.
/// </summary>
public sealed partial class WindowScores : ILayerScores, IWholeScores<BlockRows>
{
    /// <summary>Units of a score in one nat.</summary>
    public const double One = 1 << 24;

    private const int Lanes = 8;

    /// <summary>Rows walked together: their codes of one block are one cache line.</summary>
    private const int TileRows = 32;

    private readonly RowLayout _layout;
    private readonly WindowGrid _grid;
    private readonly int _stride;
    private readonly int[] _rowOfInput;
    private readonly long[] _logs;   // (rows, columns padded)
    private readonly long[] _without; // (rows, columns): what a row's own share takes from the log of its own column
    private readonly int[] _columns; // ascending edges of windows, as numbers of grid columns before them
    private readonly int[] _lines;   // the same of grid lines
    private readonly (int TopLeft, int TopRight, int BottomLeft, int BottomRight)[] _corners; // of every window, among the edges
    private readonly double[] _evidence;
    private readonly LayerMoves? _moves;

    /// <param name="layout">Layout of the rows: blocks.</param>
    /// <param name="grid">Windows over them.</param>
    /// <param name="counts">F over all training rows.</param>
    /// <param name="totals">Class totals over all training rows.</param>
    /// <param name="alpha">Smoothing of the counts, above 0.</param>
    /// <param name="targets">What the layer tells apart; null for the classes that are counted.</param>
    /// <param name="moves">What a refinement moved; null for the explicit solution.</param>
    /// <exception cref="SolveException">Alpha is 0.</exception>
    public WindowScores(RowLayout layout, WindowGrid grid, CountTable counts, ClassTotals totals, double alpha, LayerTargets? targets = null, LayerMoves? moves = null)
    {
        Targets = targets ?? LayerTargets.OfClasses(counts.Classes);
        (counts, totals) = (Targets.ColumnsOf(counts), Targets.ColumnsOf(totals));
        if (!(alpha > 0))
            throw new SolveException($"a layer leaves rows out of its counts, and with alpha {alpha} a count of 1 leaves log 0", "set the layer's solve.alpha above 0");
        if (layout.Blocks % (grid.Positions.Across * grid.Positions.Down) != 0)
            throw new ArgumentException($"{layout.Blocks} blocks do not lie on a grid of {grid.Positions}", nameof(grid));
        (_layout, _grid, _moves) = (layout, grid, moves);
        _evidence = totals.Evidence(layout);
        _stride = (Columns + Lanes - 1) / Lanes * Lanes;
        _rowOfInput = new int[layout.Inputs];
        var rows = counts.Seen.Length + layout.Blocks; // every block has one more, for codes never seen
        _logs = new long[(long)rows * _stride];
        _without = new long[(long)rows * Columns];
        var zeros = new long[Columns];
        for (var (block, row, seen) = (0, 0, 0); block < layout.Blocks; block++)
        {
            var size = layout.BlockSize(block);
            var all = totals.Rows.Select(n => SameBits.Log(n + alpha * size)).ToArray();
            var others = totals.Rows.Select(n => SameBits.Log(Math.Max(n - 1, 0) + alpha * size)).ToArray();
            var rowOfCode = _rowOfInput.AsSpan(layout.BlockStart(block), size);
            rowOfCode.Fill(row);
            Fill(row++, zeros, alpha, all, others);
            for (; seen < counts.Seen.Length && counts.Seen[seen] < layout.BlockStart(block + 1); seen++)
            {
                rowOfCode[counts.Seen[seen] - layout.BlockStart(block)] = row;
                Fill(row++, counts.Row(seen), alpha, all, others);
            }
        }
        _columns = EdgesOf(grid.Windows.Across, grid.Size.Width, grid.Stride);
        _lines = EdgesOf(grid.Windows.Down, grid.Size.Height, grid.Stride);
        _corners = [.. Enumerable.Range(0, grid.Count).Select(CornersOf)];
    }

    public LayerTargets Targets { get; }

    /// <summary>Of a layer of sub-classes: those of its training rows; null where it has none, or only new rows are scored.</summary>
    public Subclasses? Subclasses { get; init; }

    private int Columns => Targets.Columns;

    public int Windows => _grid.Count;

    public IReadOnlyList<double> Evidence => _evidence;

    public IReadOnlyList<double>? BiasMoves => _moves?.Bias;

    public ReadOnlySpan<int> Score(RowEncoder below, RawRows rows, ReadOnlySpan<int> own, Span<long> sums, Span<long> weights)
    {
        var room = ArrayPool<ushort>.Shared.Rent(BlockRows.CodesFor(_layout.Blocks, rows.Count));
        var blocks = below.EncodeBlocks(rows, own, room);
        var targets = own.IsEmpty || Subclasses is null ? own : Subclasses.Of(rows, blocks, own);
        Score(blocks, targets, 0, rows.Count, sums);
        ArrayPool<ushort>.Shared.Return(room);
        weights.Fill(_grid.Size.Width * _grid.Size.Height * (_layout.Blocks / (_grid.Positions.Across * _grid.Positions.Down)));
        return targets;
    }

    void IWholeScores<BlockRows>.Sum(BlockRows rows, ReadOnlySpan<int> own, int subclasses, Span<long> sums)
    {
        sums.Clear();
        for (var block = 0; block < _layout.Blocks; block++)
        {
            var codes = rows.Block(block);
            for (var m = 0; m < own.Length; m++)
            {
                var row = _rowOfInput[_layout.BlockStart(block) + codes[m]];
                var first = own[m] / subclasses * subclasses;
                for (var s = 0; s < subclasses; s++)
                    sums[m * subclasses + s] += _logs[row * _stride + first + s];
                sums[m * subclasses + own[m] - first] += _without[row * Columns + own[m]];
            }
        }
    }

    /// <summary>Bytes of the tables, where so many inputs were seen.</summary>
    public static long BytesFor(RowLayout layout, long seen, int classes) =>
        (seen + layout.Blocks) * ((classes + Lanes - 1) / Lanes * Lanes * (long)sizeof(long) + classes * (long)sizeof(long)) + layout.Inputs * (long)sizeof(int);

    /// <summary>Writes scores of the windows: (count, Windows, Columns), row-major, in units of 2^-24 nats.</summary>
    /// <param name="rows">Encoded rows.</param>
    /// <param name="own">The class, or sub-class, of each of the rows scored, which is left out of its counts; empty for rows that are not in them.</param>
    /// <param name="first">The first row scored.</param>
    /// <param name="count">Rows scored.</param>
    /// <param name="scores">Room for the scores.</param>
    /// <exception cref="ArgumentException">A code is out of range.</exception>
    public void Score(BlockRows rows, ReadOnlySpan<int> own, int first, int count, Span<long> scores)
    {
        CheckCodes(rows, first, count);
        var walk = new Walk(this);
        for (var tile = 0; tile < count; tile += TileRows)
        {
            for (var m = tile; m < Math.Min(count, tile + TileRows); m++)
            {
                var y = own.IsEmpty ? -1 : own[m];
                walk.Sum(rows.Codes[(first + m)..], rows.Stride, y);
                walk.Write(scores.Slice(m * Windows * Columns, Windows * Columns), y);
            }
        }
    }

    private void Fill(int row, ReadOnlySpan<long> counts, double alpha, double[] all, double[] others)
    {
        for (var c = 0; c < Columns; c++)
        {
            var log = Units(SameBits.Log(counts[c] + alpha) - all[c]);
            _logs[row * _stride + c] = log + (_moves is null ? 0 : LayerMoves.Units(_moves.Values[row * Columns + c]));
            _without[row * Columns + c] = Units(SameBits.Log(Math.Max(counts[c] - 1, 0) + alpha) - others[c]) - log;
            if (_moves is { Step: > 0 })
                _without[row * Columns + c] += LayerMoves.Units(_moves.Step * (SameBits.Log(Math.Max(counts[c] - 1, 0) + _moves.StepAlpha) - SameBits.Log(counts[c] + _moves.StepAlpha)));
        }
    }

    private static long Units(double log) => (long)Math.Round(log * One, MidpointRounding.ToEven);

    private void CheckCodes(BlockRows rows, int first, int count)
    {
        for (var block = 0; block < _layout.Blocks; block++)
        {
            if (count > 0 && GreatestCode.Of(rows.Block(block).Slice(first, count)) is var greatest && greatest >= _layout.BlockSize(block))
                throw new ArgumentException($"block {block} has code {greatest}, which its layout does not know", nameof(rows));
        }
    }

    private (int, int, int, int) CornersOf(int window)
    {
        var (left, top) = (window % _grid.Windows.Across * _grid.Stride, window / _grid.Windows.Across * _grid.Stride);
        var (x0, x1) = (Array.IndexOf(_columns, left), Array.IndexOf(_columns, left + _grid.Size.Width));
        var (y0, y1) = (Array.IndexOf(_lines, top), Array.IndexOf(_lines, top + _grid.Size.Height));
        return (y0 * _columns.Length + x0, y0 * _columns.Length + x1, y1 * _columns.Length + x0, y1 * _columns.Length + x1);
    }

    private static int[] EdgesOf(int windows, int size, int stride)
    {
        var edges = new SortedSet<int>();
        for (var window = 0; window < windows; window++)
        {
            edges.Add(window * stride);
            edges.Add(window * stride + size);
        }
        return [.. edges];
    }

    /// <summary>Sums over all positions above and left of each corner of the windows, of one row at a time; a window is four of them.</summary>
    private sealed class Walk(WindowScores scores)
    {
        private readonly int _stride = scores._stride;
        private readonly long[] _run = new long[scores._stride];
        private readonly long[] _above = new long[scores._columns.Length * scores._stride];
        private readonly long[] _corners = new long[scores._lines.Length * scores._columns.Length * scores._stride];
        private readonly int[] _own = new int[scores.Targets.Problems]; // the row's own columns, one a problem
        private readonly long[] _ownRun = new long[scores.Targets.Problems];
        private readonly long[] _ownAbove = new long[scores._columns.Length * scores.Targets.Problems];
        private readonly long[] _ownCorners = new long[scores._lines.Length * scores._columns.Length * scores.Targets.Problems];

        public void Sum(ReadOnlySpan<ushort> codes, int codeStride, int y)
        {
            var (across, down) = scores._grid.Positions;
            Array.Clear(_above);
            Array.Clear(_ownAbove);
            for (var problem = 0; problem < _own.Length && y >= 0; problem++)
                _own[problem] = scores.Targets.ColumnOf(y, problem);
            var line = 0;
            for (var gridLine = 0; gridLine <= down && line < scores._lines.Length; gridLine++)
            {
                if (scores._lines[line] == gridLine)
                {
                    _above.CopyTo(_corners.AsSpan(line * _above.Length));
                    _ownAbove.CopyTo(_ownCorners.AsSpan(line++ * _ownAbove.Length));
                }
                if (gridLine == down)
                    return;
                for (var map = 0; map < scores._layout.Blocks; map += across * down)
                    AddLine(codes, codeStride, map + gridLine * across, y >= 0);
            }
        }

        private void AddLine(ReadOnlySpan<ushort> codes, int codeStride, int firstBlock, bool isOwn)
        {
            ref var logs = ref MemoryMarshal.GetArrayDataReference(scores._logs);
            ref var run = ref MemoryMarshal.GetArrayDataReference(_run);
            ref var above = ref MemoryMarshal.GetArrayDataReference(_above);
            Array.Clear(_run);
            Array.Clear(_ownRun);
            var (column, edge) = (0, 0);
            while (true)
            {
                if (scores._columns[edge] == column)
                {
                    for (var c = 0; c < _stride; c += Lanes)
                        (Vector512.LoadUnsafe(ref above, (nuint)(edge * _stride + c)) + Vector512.LoadUnsafe(ref run, (nuint)c)).StoreUnsafe(ref above, (nuint)(edge * _stride + c));
                    for (var problem = 0; problem < _own.Length; problem++)
                        _ownAbove[edge * _own.Length + problem] += _ownRun[problem];
                    if (++edge == scores._columns.Length)
                        return;
                }
                var block = firstBlock + column++;
                var row = scores._rowOfInput[scores._layout.BlockStart(block) + codes[block * codeStride]];
                for (var c = 0; c < _stride; c += Lanes)
                    (Vector512.LoadUnsafe(ref run, (nuint)c) + Vector512.LoadUnsafe(ref logs, (nuint)(row * _stride + c))).StoreUnsafe(ref run, (nuint)c);
                for (var problem = 0; problem < _own.Length && isOwn; problem++)
                    _ownRun[problem] += scores._without[row * scores.Columns + _own[problem]];
            }
        }

        public void Write(Span<long> output, int y)
        {
            for (var window = 0; window < scores.Windows; window++)
            {
                var (a, b, c, d) = scores._corners[window];
                var sums = output.Slice(window * scores.Columns, scores.Columns);
                for (var i = 0; i < sums.Length; i++)
                    sums[i] = _corners[d * _stride + i] - _corners[c * _stride + i] - _corners[b * _stride + i] + _corners[a * _stride + i];
                for (var (problem, n) = (0, _own.Length); problem < n && y >= 0; problem++)
                    sums[_own[problem]] += _ownCorners[d * n + problem] - _ownCorners[c * n + problem] - _ownCorners[b * n + problem] + _ownCorners[a * n + problem];
            }
        }
    }
}
