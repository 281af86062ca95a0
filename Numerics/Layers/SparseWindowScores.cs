using ExplicitCluster.Numerics.Elementary;
using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Solution;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Numerics.Layers;

/// <summary>
/// Scores of the classes in windows of sparse rows of norm 1, from a layer's statistics (docs/math.md 12): those of <see cref="DenseWindowScores"/>, a window being some
/// neighbouring groups of features. A row that is in the statistics is left out of them, and of the vocabulary: inputs that are <see cref="Vanishing"/> without it are
/// neither in the row nor among the D_w inputs of a window. Safe for concurrent use.
/// </summary>
public sealed partial class SparseWindowScores : ILayerScores, IWholeScores<SparseRows>
{
    private readonly RowLayout _layout;
    private readonly CountTable _counts; // F by columns
    private readonly int[] _rowOf;       // of every input its row of F; -1 where it was never seen
    private readonly double _alpha;
    private readonly int _columns;
    private readonly int _stride;        // columns padded
    private readonly int[] _logs;        // (D, columns padded)
    private readonly int[][] _groupsOf;  // of every window
    private readonly int[] _inputs;      // of every window: D_w
    private readonly long[] _masses;     // (windows, columns): T_w
    private readonly long[] _logMasses;  // (windows, columns)
    private readonly double[] _evidence;
    private readonly LayerMoves? _moves;

    /// <param name="layout">Layout of the rows: sparse.</param>
    /// <param name="grid">Windows over its groups, which lie in a line.</param>
    /// <param name="counts">F over all training rows, of norm 1.</param>
    /// <param name="totals">Class totals over all training rows.</param>
    /// <param name="alpha">Smoothing of the counts, above 0.</param>
    /// <param name="targets">What the layer tells apart; null for the classes that are counted.</param>
    /// <param name="moves">What a refinement moved, (D, C); null for the explicit solution.</param>
    /// <exception cref="SolveException">Alpha is 0, or a log beyond 64 nats.</exception>
    /// <exception cref="ArgumentException">Layout, windows and counts do not go together.</exception>
    public SparseWindowScores(RowLayout layout, WindowGrid grid, CountTable counts, ClassTotals totals, double alpha, LayerTargets? targets = null, LayerMoves? moves = null)
    {
        Targets = targets ?? LayerTargets.OfClasses(counts.Classes);
        (counts, totals) = (Targets.ColumnsOf(counts), Targets.ColumnsOf(totals));
        if (!(alpha > 0))
            throw new SolveException($"a layer leaves rows out of its counts, and with alpha {alpha} a count of 1 leaves log 0", "set the layer's solve.alpha above 0");
        if (layout.Kind != EncodingKind.Sparse || grid.Positions != (layout.Maps.Count, 1))
            throw new ArgumentException($"{layout.Maps.Count} groups of {layout.Kind} rows do not lie on a grid of {grid.Positions}", nameof(grid));
        if (counts.Inputs != layout.Inputs)
            throw new ArgumentException($"the rows have {layout.Inputs} inputs, the counts {counts.Inputs}", nameof(counts));
        (_layout, _counts, _alpha, _columns, _moves) = (layout, counts, alpha, Targets.Columns, moves);
        _evidence = totals.Evidence(layout);
        _rowOf = new int[layout.Inputs];
        Array.Fill(_rowOf, -1);
        for (var i = 0; i < counts.Seen.Length; i++)
            _rowOf[counts.Seen[i]] = i;
        _stride = StrideOf(_columns);
        _logs = new int[checked((long)layout.Inputs * _stride)];
        FillLogs();
        _groupsOf = [.. Enumerable.Range(0, grid.Count).Select(window => grid.PlacesOf(layout.Maps.Count, window).ToArray())];
        _inputs = [.. _groupsOf.Select(groups => groups.Sum(group => layout.Maps[group].Inputs))];
        _masses = new long[grid.Count * _columns];
        _logMasses = new long[grid.Count * _columns];
        SumMasses();
        for (var window = 0; window < Windows; window++)
            WriteLogMasses(window, 0, _logMasses.AsSpan(window * _columns, _columns));
    }

    public LayerTargets Targets { get; }

    /// <summary>Of a layer of sub-classes: those of its training rows; null where it has none, or only new rows are scored.</summary>
    public Subclasses? Subclasses { get; init; }

    /// <summary>
    /// (D) the inputs that no vocabulary has without a row that has them: as many rows have them as it takes to be kept. Null where no row decides what is kept, as in a vocabulary
    /// that was given, or in one of buckets.
    /// </summary>
    public bool[]? Vanishing { get; init; }

    public int Windows => _groupsOf.Length;

    public IReadOnlyList<double> Evidence => _evidence;

    public IReadOnlyList<double>? BiasMoves => _moves?.Bias;

    /// <summary>Bytes of the tables, without F itself, which is kept.</summary>
    public static long BytesFor(RowLayout layout, int columns) => layout.Inputs * ((StrideOf(columns) + 1L) * sizeof(int) + sizeof(bool));

    /// <inheritdoc/>
    public ReadOnlySpan<int> Score(RowEncoder below, RawRows rows, ReadOnlySpan<int> own, Span<long> sums, Span<long> weights)
    {
        var sparse = below.EncodeSparse(rows);
        return ScoreSparse(sparse, own.IsEmpty ? [] : Subclasses?.Of(rows, sparse, own) ?? own.ToArray(), sums, weights);
    }

    /// <summary>The same of rows that are encoded already.</summary>
    /// <param name="sparse">The layer's own rows.</param>
    /// <param name="targets">What each row is left out of, a class or a sub-class; empty for rows that are in no count. Becomes -1 for rows of zero norm.</param>
    /// <param name="sums">As in the other.</param>
    /// <param name="weights">As in the other.</param>
    internal int[] ScoreSparse(SparseRows sparse, int[] targets, Span<long> sums, Span<long> weights)
    {
        Check(sparse);
        var shares = new SparseShares(sparse, targets.Length == 0 ? null : Vanishing);
        var (groupSums, sum, logMasses) = (new double[_layout.Maps.Count * _stride], new double[_stride], new long[_columns]);
        var (rest, products) = (new double[shares.Longest], new long[shares.Longest]);
        for (var m = 0; m < sparse.Count; m++)
        {
            var isCounted = shares.Read(m);
            if (!isCounted && targets.Length > 0)
                targets[m] = -1;
            for (var group = 0; group < _layout.Maps.Count; group++)
                Add(shares, group, groupSums.AsSpan(group * _stride, _stride));
            for (var window = 0; window < Windows; window++)
            {
                var at = m * Windows + window;
                var (weight, _, leftOut) = shares.SumOf(_groupsOf[window]);
                var logs = LogMassesOf(window, leftOut, logMasses);
                AddGroups(window, groupSums, sum);
                weights[at] = weight;
                for (var c = 0; c < _columns; c++)
                    sums[at * _columns + c] = (long)sum[c] - weight * logs[c];
            }
            for (var problem = 0; problem < Targets.Problems && isCounted && targets.Length > 0; problem++)
            {
                var column = Targets.ColumnOf(targets[m], problem);
                WriteOwn(shares, column, rest, products);
                for (var (window, at) = (0, m * Windows); window < Windows; window++, at++)
                    sums[at * _columns + column] = OwnOf(shares, window, column, products);
            }
        }
        return targets;
    }

    /// <summary>Of scores over one window, the whole row.</summary>
    void IWholeScores<SparseRows>.Sum(SparseRows rows, ReadOnlySpan<int> own, int subclasses, Span<long> sums)
    {
        Check(rows);
        var shares = new SparseShares(rows, Vanishing);
        var (rest, products, logMasses) = (new double[shares.Longest], new long[shares.Longest], new long[_columns]);
        for (var m = 0; m < own.Length; m++)
        {
            var target = sums.Slice(m * subclasses, subclasses);
            target.Clear();
            if (!shares.Read(m))
                continue;
            var first = own[m] / subclasses * subclasses;
            var inputs = shares.Inputs;
            for (var i = 0; i < inputs.Length; i++)
            {
                var logs = _logs.AsSpan(inputs[i] * _stride + first, subclasses);
                for (var c = 0; c < subclasses; c++)
                    target[c] += (long)shares.Shares[i] * logs[c];
            }
            var (weight, _, leftOut) = shares.SumOf(_groupsOf[0]);
            var masses = LogMassesOf(0, leftOut, logMasses);
            for (var c = 0; c < subclasses; c++)
                target[c] -= weight * masses[first + c];
            WriteOwn(shares, own[m], rest, products);
            target[own[m] - first] = OwnOf(shares, 0, own[m], products);
        }
    }

    /// <summary>Each input's share times the log of what is left of its count in an own column.</summary>
    private void WriteOwn(SparseShares shares, int column, double[] rest, long[] products)
    {
        var inputs = shares.Inputs;
        for (var i = 0; i < inputs.Length; i++)
            rest[i] = RestOf(CountOf(inputs[i], column), shares.Counted[i]) + _alpha;
        SameBits.Log(rest.AsSpan(0, inputs.Length), rest);
        for (var i = 0; i < inputs.Length; i++)
            products[i] = shares.Shares[i] * (Units(rest[i]) + MoveOf(inputs[i], column));
    }

    private long OwnOf(SparseShares shares, int window, int column, long[] products)
    {
        var sum = 0L;
        foreach (var group in _groupsOf[window])
        {
            var (from, end) = shares.EntriesOf(group);
            for (var i = from; i < end; i++)
                sum += products[i];
        }
        var (weight, mass, leftOut) = shares.SumOf(_groupsOf[window]);
        return sum - weight * Units(SameBits.Log(RestOf(_masses[window * _columns + column], mass) + _alpha * (_inputs[window] - leftOut)));
    }

    private void Check(SparseRows rows)
    {
        if (rows.Layout.Inputs != _layout.Inputs || rows.Layout.Maps.Count != _layout.Maps.Count)
            throw new ArgumentException($"the rows have {rows.Layout.Inputs} inputs in {rows.Layout.Maps.Count} groups, the layer {_layout.Inputs} in {_layout.Maps.Count}", nameof(rows));
    }

    private long CountOf(int input, int column) => _rowOf[input] < 0 ? 0 : _counts.Counts[(long)_rowOf[input] * _columns + column];

    private long MoveOf(int input, int column) => _moves is null ? 0 : LayerMoves.Units(_moves.Values[(long)input * _columns + column]);

    /// <summary>What is left of a count in whole rows.</summary>
    private static double RestOf(long count, long own) => (double)Math.Max(count - own, 0) / FixedPoint.One;

    private static long Units(double log) => (long)Math.Round(log * WindowScores.One, MidpointRounding.ToEven);
}
