using ExplicitCluster.Numerics.Elementary;
using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Numerics.Solution;

/// <summary>
/// The explicit solution as the weights of a softmax layer (docs/math.md 2 and 3):
/// <code>
/// weight(j, c) = K / P x ( log(F_jc + a) - log(t_c + a B) )        P = 1, B = D, t = T for dense rows; B the block's codes, t = n for blocks
/// bias(c)      = log( (t_c + b) / (N + b C) )
/// </code>
/// so that scores are <c>bias + sum of weights</c>. The prior stands in the bias rather than in U: the same scores for rows of norm 1, and a
/// row of norm 0 gets the prior. Computed in float64, any part of F on its own, and stored as float32.
/// </summary>
public sealed partial class ExplicitSolution
{
    private readonly RowLayout _layout;
    private readonly double[] _evidence;
    private readonly double[]? _classWeights;
    private readonly SolveSettings _settings;
    private readonly double _scale;
    private readonly Dictionary<int, double[]> _normalisers = [];

    /// <exception cref="SolveException">A class without evidence and beta 0.</exception>
    public ExplicitSolution(RowLayout layout, ClassTotals totals, SolveSettings settings)
    {
        if (!double.IsFinite(settings.K) || !(settings.Alpha >= 0) || !(settings.Beta >= 0))
            throw new ArgumentException($"K must be finite and alpha and beta at least 0; they are {settings}", nameof(settings));
        _layout = layout;
        _settings = settings;
        (_evidence, _classWeights) = (totals.Evidence(layout), totals.Weights);
        _scale = settings.K / layout.ScoreDivisor;
        var empty = Array.IndexOf(_evidence, 0);
        if (empty >= 0 && settings.Beta == 0)
            throw new SolveException($"class {empty} has no row with evidence, and its prior is log 0", "set solve.beta above 0, or remove the class");
        foreach (var size in BlockSizes().Distinct())
            _normalisers[size] = LogAll(_evidence.Select(t => t + settings.Alpha * size));
    }

    private int Classes => _evidence.Length;

    /// <summary>The log prior of every class, (C), float32.</summary>
    public float[] Bias() => Rounded(BiasDouble());

    /// <summary>Weights of the inputs seen in a part of F: (Seen, C), row-major, float32.</summary>
    /// <exception cref="SolveException">A zero count and alpha 0.</exception>
    public float[] Solve(CountTable part) => Rounded(SolveDouble(part));

    /// <summary>Weights of every input of a block that was never seen, (C), float32; block 0 stands for the whole of a dense row.</summary>
    /// <exception cref="SolveException">Alpha 0.</exception>
    public float[] Unseen(int block) => Rounded(UnseenDouble(block));

    /// <summary>As <see cref="Bias"/>, before rounding.</summary>
    public double[] BiasDouble()
    {
        var total = _evidence.Sum() + _settings.Beta * Classes;
        return [.. _evidence.Select(t => SameBits.Log((t + _settings.Beta) / total))];
    }

    /// <summary>As <see cref="Solve"/>, before rounding.</summary>
    /// <exception cref="SolveException">A zero count and alpha 0.</exception>
    public double[] SolveDouble(CountTable part)
    {
        var weights = new double[part.Counts.Length];
        var unit = 1.0 / _layout.Unit;
        var row = new double[Classes];
        var block = 0;
        for (var i = 0; i < part.Seen.Length; i++)
        {
            while (_layout.Kind == EncodingKind.Blocks && part.Seen[i] >= _layout.BlockStart(block + 1))
                block++;
            var counts = part.Row(i);
            for (var c = 0; c < Classes; c++)
                row[c] = counts[c] * unit * (_classWeights?[c] ?? 1) + _settings.Alpha;
            SameBits.Log(row, row);
            var normaliser = _normalisers[SizeOf(block)];
            for (var c = 0; c < Classes; c++)
            {
                if (double.IsNegativeInfinity(row[c]))
                    throw Undefined(part.Seen[i], c);
                weights[i * Classes + c] = _scale * (row[c] - normaliser[c]);
            }
        }
        return weights;
    }

    /// <summary>As <see cref="Unseen"/>, before rounding.</summary>
    /// <exception cref="SolveException">Alpha 0.</exception>
    public double[] UnseenDouble(int block)
    {
        if (_settings.Alpha == 0)
            throw Undefined(_layout.Kind == EncodingKind.Blocks ? _layout.BlockStart(block) : 0, 0);
        var log = SameBits.Log(_settings.Alpha);
        return [.. _normalisers[SizeOf(block)].Select(normaliser => _scale * (log - normaliser))];
    }

    /// <summary>The weights of every input, seen or not: (D, C), row-major.</summary>
    /// <exception cref="SolveException">A zero count and alpha 0, or a weight beyond float32.</exception>
    public float[] All(CountTable counts) => Rounded(AllDouble(counts));

    /// <summary>As <see cref="All"/>, before rounding.</summary>
    /// <exception cref="SolveException">A zero count and alpha 0.</exception>
    public double[] AllDouble(CountTable counts)
    {
        var all = new double[(long)_layout.Inputs * Classes];
        var seen = SolveDouble(counts);
        var row = 0;
        for (var (block, input) = (0, 0); input < _layout.Inputs; block++)
        {
            double[]? unseen = null;
            for (var end = input + SizeOf(block); input < end; input++)
            {
                var weights = row < counts.Seen.Length && counts.Seen[row] == input ? seen.AsSpan(row++ * Classes, Classes) : unseen ??= UnseenDouble(block);
                weights.CopyTo(all.AsSpan(input * Classes, Classes));
            }
        }
        return all;
    }

    private float[] Rounded(double[] values)
    {
        var rounded = new float[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            rounded[i] = (float)values[i];
            if (!float.IsFinite(rounded[i]))
                throw new SolveException($"a weight of {values[i]} does not fit float32, with K {_settings.K} and alpha {_settings.Alpha}", "choose a smaller solve.k or a larger solve.alpha");
        }
        return rounded;
    }

    private int SizeOf(int block) => _layout.Kind == EncodingKind.Blocks ? _layout.BlockSize(block) : _layout.Inputs;

    private IEnumerable<int> BlockSizes() =>
        _layout.Kind == EncodingKind.Blocks ? Enumerable.Range(0, _layout.Blocks).Select(_layout.BlockSize) : [_layout.Inputs];

    private static double[] LogAll(IEnumerable<double> values) => [.. values.Select(SameBits.Log)];

    private static SolveException Undefined(int input, int c) =>
        new($"input {input} has the count 0 in class {c}, and log 0 is undefined with alpha 0", "set solve.alpha above 0, e.g. 0.001");
}
