using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using ExplicitCluster.Numerics.Elementary;
using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Solution;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Numerics.Layers;

/// <summary>
/// Scores of the classes in windows of dense rows, from a layer's statistics (docs/math.md 12). With q the row's fixed-point shares, in a window w:
/// <c>sum over its inputs of q_j round(2^24 log(F_j + a)) - q_w round(2^24 log(T_w + a D_w))</c>, T_w and q_w the sums of F and q over its inputs, D_w their number.
/// Integers throughout. A row that is in the statistics is left out of them: in its own class, F_j - q_j and T_w - q_w. What a refinement moved is added to the logs of F.
/// Safe for concurrent use.
/// </summary>
public sealed partial class DenseWindowScores : ILayerScores, IWholeScores<DenseRows>
{
    private const int Lanes = 8;

    private readonly RowLayout _layout;
    private readonly WindowGrid _grid;
    private readonly double _alpha;
    private readonly int _columns;
    private readonly int _stride;        // columns padded
    private readonly long[] _logs;       // (D, columns padded)
    private readonly double[] _byClass;  // (columns, D): F in whole rows
    private readonly double[] _masses;   // (windows, columns): T_w in whole rows
    private readonly long[] _logMasses;  // (windows, columns)
    private readonly int[][] _inputsOf;  // of every window
    private readonly double[] _evidence;
    private readonly LayerMoves? _moves;

    /// <inheritdoc cref="WindowScores(RowLayout, WindowGrid, CountTable, ClassTotals, double, LayerTargets, LayerMoves)"/>
    public DenseWindowScores(RowLayout layout, WindowGrid grid, CountTable counts, ClassTotals totals, double alpha, LayerTargets? targets = null, LayerMoves? moves = null)
    {
        Targets = targets ?? LayerTargets.OfClasses(counts.Classes);
        (counts, totals) = (Targets.ColumnsOf(counts), Targets.ColumnsOf(totals));
        if (!(alpha > 0))
            throw new SolveException($"a layer leaves rows out of its counts, and with alpha {alpha} a count of 1 leaves log 0", "set the layer's solve.alpha above 0");
        (_layout, _grid, _alpha, _columns, _moves) = (layout, grid, alpha, Targets.Columns, moves);
        _evidence = totals.Evidence(layout);
        _stride = (_columns + Lanes - 1) / Lanes * Lanes;
        _byClass = new double[(long)_columns * layout.Inputs];
        for (var i = 0; i < counts.Seen.Length; i++)
        {
            for (var c = 0; c < _columns; c++)
                _byClass[c * layout.Inputs + counts.Seen[i]] = (double)counts.Row(i)[c] / FixedPoint.One;
        }
        _logs = new long[(long)layout.Inputs * _stride];
        for (var c = 0; c < _columns; c++)
        {
            for (var j = 0; j < layout.Inputs; j++)
                _logs[j * _stride + c] = Units(_byClass[c * layout.Inputs + j] + alpha) + MoveOf(j, c);
        }
        _inputsOf = [.. Enumerable.Range(0, grid.Count).Select(window => grid.PlacesOf(layout.Inputs, window).ToArray())];
        (_masses, _logMasses) = (new double[grid.Count * _columns], new long[grid.Count * _columns]);
        for (var window = 0; window < grid.Count; window++)
        {
            for (var c = 0; c < _columns; c++)
            {
                var mass = _inputsOf[window].Sum(j => _byClass[c * layout.Inputs + j]);
                (_masses[window * _columns + c], _logMasses[window * _columns + c]) = (mass, Units(mass + alpha * _inputsOf[window].Length));
            }
        }
    }

    public LayerTargets Targets { get; }

    /// <summary>Of a layer of sub-classes: those of its training rows; null where it has none, or only new rows are scored.</summary>
    public Subclasses? Subclasses { get; init; }

    public int Windows => _grid.Count;

    public IReadOnlyList<double> Evidence => _evidence;

    public IReadOnlyList<double>? BiasMoves => _moves?.Bias;

    /// <summary>Bytes of the tables.</summary>
    public static long BytesFor(RowLayout layout, int classes) => layout.Inputs * ((classes + Lanes - 1) / Lanes * Lanes * (long)sizeof(long) + classes * (long)sizeof(double));

    /// <inheritdoc/>
    public ReadOnlySpan<int> Score(RowEncoder below, RawRows rows, ReadOnlySpan<int> own, Span<long> sums, Span<long> weights)
    {
        var dense = below.EncodeDense(rows, own);
        var shares = new long[_layout.Inputs];
        var products = new long[_layout.Inputs];
        var rest = new double[_layout.Inputs];
        var sum = new long[_stride];
        var targets = own.IsEmpty ? [] : Subclasses?.Of(rows, dense, own) ?? own.ToArray();
        for (var m = 0; m < dense.Count; m++)
        {
            var isCounted = Quantise(dense, m, shares);
            if (!isCounted && targets.Length > 0)
                targets[m] = -1;
            for (var window = 0; window < Windows; window++)
            {
                var at = m * Windows + window;
                weights[at] = Add(window, shares, sum);
                for (var c = 0; c < _columns; c++)
                    sums[at * _columns + c] = sum[c] - weights[at] * _logMasses[window * _columns + c];
            }
            for (var problem = 0; problem < Targets.Problems && isCounted && targets.Length > 0; problem++)
            {
                var column = Targets.ColumnOf(targets[m], problem);
                WriteOwn(shares, column, rest, products);
                for (var (window, at) = (0, m * Windows); window < Windows; window++, at++)
                    sums[at * _columns + column] = OwnOf(window, column, products, weights[at]);
            }
        }
        return targets;
    }

    /// <summary>Of scores over one window, the whole row.</summary>
    void IWholeScores<DenseRows>.Sum(DenseRows rows, ReadOnlySpan<int> own, int subclasses, Span<long> sums)
    {
        var (shares, products, rest) = (new long[_layout.Inputs], new long[_layout.Inputs], new double[_layout.Inputs]);
        for (var m = 0; m < own.Length; m++)
        {
            Quantise(rows, m, shares);
            var target = sums.Slice(m * subclasses, subclasses);
            var (first, weight) = (own[m] / subclasses * subclasses, 0L);
            target.Clear();
            for (var j = 0; j < shares.Length; j++)
            {
                if (shares[j] == 0)
                    continue;
                weight += shares[j];
                for (var c = 0; c < target.Length; c++)
                    target[c] += shares[j] * _logs[j * _stride + first + c];
            }
            for (var c = 0; c < target.Length; c++)
                target[c] -= weight * _logMasses[first + c];
            WriteOwn(shares, own[m], rest, products);
            target[own[m] - first] = OwnOf(0, own[m], products, weight);
        }
    }

    private long Add(int window, long[] shares, long[] sum)
    {
        Array.Clear(sum);
        var weight = 0L;
        ref var to = ref MemoryMarshal.GetArrayDataReference(sum);
        ref var from = ref MemoryMarshal.GetArrayDataReference(_logs);
        foreach (var j in _inputsOf[window])
        {
            if (shares[j] == 0)
                continue;
            weight += shares[j];
            var share = Vector512.Create(shares[j]);
            for (var c = 0; c < _stride; c += Lanes)
                (Vector512.LoadUnsafe(ref to, (nuint)c) + share * Vector512.LoadUnsafe(ref from, (nuint)(j * _stride + c))).StoreUnsafe(ref to, (nuint)c);
        }
        return weight;
    }

    /// <summary>Each input's share times the log of what is left of its count in an own column.</summary>
    private void WriteOwn(long[] shares, int column, double[] rest, long[] products)
    {
        var counts = _byClass.AsSpan(column * _layout.Inputs, _layout.Inputs);
        for (var j = 0; j < rest.Length; j++)
            rest[j] = Math.Max(counts[j] - (double)shares[j] / FixedPoint.One, 0) + _alpha;
        SameBits.Log(rest, rest);
        for (var j = 0; j < rest.Length; j++)
            products[j] = shares[j] * ((long)Math.Round(rest[j] * WindowScores.One, MidpointRounding.ToEven) + MoveOf(j, column));
    }

    private long OwnOf(int window, int column, long[] products, long weight)
    {
        var sum = 0L;
        foreach (var j in _inputsOf[window])
            sum += products[j];
        return sum - weight * Units(Math.Max(_masses[window * _columns + column] - (double)weight / FixedPoint.One, 0) + _alpha * _inputsOf[window].Length);
    }

    /// <summary>Writes the row's shares. False for a row of zero norm, which is in no count.</summary>
    private bool Quantise(DenseRows rows, int m, long[] shares)
    {
        var (norm, inputs) = (0.0, _layout.Inputs);
        for (var j = 0; j < inputs; j++)
            norm += ValueOf(rows, m, j);
        if (norm == 0)
        {
            Array.Clear(shares);
            return false;
        }
        var scale = FixedPoint.ScaleOf(norm);
        for (var j = 0; j < inputs; j++)
            shares[j] = FixedPoint.Quantise(ValueOf(rows, m, j), scale);
        return true;
    }

    private float ValueOf(DenseRows rows, int m, int j) => rows.IsBytes ? rows.Bytes[m * _layout.Inputs + j] : rows.Floats[m * _layout.Inputs + j];

    private long MoveOf(int j, int column) => _moves is null ? 0 : LayerMoves.Units(_moves.Values[j * _columns + column]);

    private static long Units(double value) => (long)Math.Round(SameBits.Log(value) * WindowScores.One, MidpointRounding.ToEven);
}
