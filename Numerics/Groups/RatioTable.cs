using ExplicitCluster.Numerics.Elementary;
using ExplicitCluster.Numerics.Solution;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Numerics.Groups;

/// <summary>
/// One layer of a solution by groups (docs/math.md 11): D_jc = log( (F_jc + al_jc) / (H_jc + al_jc) ), F what was counted and H what was expected: by the
/// prior alone in the first layer, by the model so far in a scaling pass. Rows of (D, Stride) float64 numbers, padded for classes beyond C.
/// </summary>
public sealed class RatioTable
{
    /// <summary>Units of one row's evidence in expected counts: 2^30.</summary>
    public const long ExpectedOne = 1L << 30;

    private readonly CountTable _counts;
    private readonly double[] _weights;
    private readonly int[] _rowOf;

    private RatioTable(CountTable counts, double[] shares, double[]? weights)
    {
        (_counts, _weights) = (counts, weights ?? OnesOf(shares.Length));
        (Classes, Stride) = (shares.Length, StrideOf(shares.Length));
        ClassShares = shares;
        Smoothing = new double[counts.Inputs];
        Ratios = new double[checked((long)counts.Inputs * Stride)];
        _rowOf = new int[counts.Inputs];
        for (var i = 0; i < counts.Seen.Length; i++)
            _rowOf[counts.Seen[i]] = i;
    }

    /// <summary>C.</summary>
    public int Classes { get; }

    /// <summary>Numbers a row: C rounded up to a multiple of 4.</summary>
    public int Stride { get; }

    /// <summary>D; 0 for classes beyond C and inputs that were not counted.</summary>
    public double[] Ratios { get; }

    /// <summary>H + al of a scaling pass, 1 for classes beyond C; empty for the first layer, whose H is left as it is when a row is left out.</summary>
    public double[] Expected { get; private init; } = [];

    /// <summary>(D) a x mean entry: al_jc is that times the class's share.</summary>
    public double[] Smoothing { get; }

    /// <summary>(C) share of each class in al.</summary>
    public double[] ClassShares { get; }

    /// <summary>prior_c = w_c max(n_c, 0.3) / sum of w n.</summary>
    public static double[] PriorOf(ClassTotals totals)
    {
        var weights = totals.Weights ?? OnesOf(totals.Classes);
        var rows = totals.Rows.Zip(weights, (count, weight) => count * weight).Sum();
        return [.. totals.Rows.Zip(weights, (count, weight) => weight * Math.Max(count, .3) / rows)];
    }

    /// <summary>H_jc = prior_c sum_c w_c F_jc, al_jc = a x mean entry of j x C prior_c.</summary>
    /// <param name="counts">F, in units of 2^-20.</param>
    /// <param name="rows">(D) training rows with each input.</param>
    /// <param name="prior">(C).</param>
    /// <param name="alpha">a.</param>
    /// <param name="weights">(C) what the counts of each class are multiplied by, each above 0; null where nothing is.</param>
    public static RatioTable First(CountTable counts, long[] rows, double[] prior, double alpha, double[]? weights = null)
    {
        var table = new RatioTable(counts, [.. prior.Select(p => p * prior.Length)], weights);
        var expected = new double[table.Stride];
        foreach (var input in counts.Seen)
        {
            var sum = weights is null ? table.SumOf(input) : table.WeightedSumOf(input);
            table.Smoothing[input] = alpha * table.SumOf(input) / Math.Max(1, rows[input]);
            for (var c = 0; c < prior.Length; c++)
                expected[c] = sum * prior[c] + table.SmoothingOf(input, c);
            table.SetRatios(input, expected);
        }
        return table;
    }

    /// <summary>H_jc what the model so far expects, al_jc = a x mean entry of j x (1 + C prior_c) / 2.</summary>
    /// <param name="counts">F, in units of 2^-20.</param>
    /// <param name="expected">H, in units of 2^-30, of the inputs of this part and no others.</param>
    /// <param name="rows">(D) training rows with each input.</param>
    /// <param name="prior">(C).</param>
    /// <param name="alpha">a.</param>
    /// <param name="weights">As in <see cref="First"/>.</param>
    public static RatioTable Pass(CountTable counts, CountTable expected, long[] rows, double[] prior, double alpha, double[]? weights = null)
    {
        var stride = StrideOf(prior.Length);
        var table = new RatioTable(counts, [.. prior.Select(p => (1 + p * prior.Length) / 2)], weights)
        {
            Expected = new double[checked((long)counts.Inputs * stride)],
        };
        Array.Fill(table.Expected, 1);
        for (var i = 0; i < expected.Seen.Length; i++)
        {
            var (input, model) = (expected.Seen[i], i * prior.Length);
            table.Smoothing[input] = alpha * table.SumOf(input) / Math.Max(1, rows[input]);
            var row = table.Expected.AsSpan(input * stride, stride);
            for (var c = 0; c < prior.Length; c++)
                row[c] = (double)expected.Counts[model + c] / ExpectedOne + table.SmoothingOf(input, c);
            table.SetRatios(input, row);
        }
        return table;
    }

    /// <summary>w F + al of one cell.</summary>
    public double CountedOf(int input, int c) => (double)_counts.Counts[(long)_rowOf[input] * Classes + c] / FixedPoint.One * _weights[c] + SmoothingOf(input, c);

    /// <summary>al of one cell.</summary>
    public double SmoothingOf(int input, int c) => Smoothing[input] * ClassShares[c];

    /// <summary>Adds the layer at its temperatures to weights, (D, Stride).</summary>
    public void AddTo(double[] weights, FeatureSlots slots, ReadOnlySpan<double> temperatures)
    {
        for (var input = 0; input < Smoothing.Length; input++)
        {
            var e = temperatures[slots[input]];
            for (var at = (long)input * Stride; at < (input + 1L) * Stride; at++)
                weights[at] += e * Ratios[at];
        }
    }

    internal static int StrideOf(int classes) => (classes + 3) / 4 * 4;

    private static double[] OnesOf(int classes) => [.. Enumerable.Repeat(1.0, classes)];

    private double SumOf(int input)
    {
        long sum = 0;
        foreach (var count in _counts.Row(_rowOf[input]))
            sum = checked(sum + count);
        return (double)sum / FixedPoint.One;
    }

    private double WeightedSumOf(int input)
    {
        var row = _counts.Row(_rowOf[input]);
        var sum = 0.0;
        for (var c = 0; c < Classes; c++)
            sum += _weights[c] * row[c];
        return sum / FixedPoint.One;
    }

    private void SetRatios(int input, ReadOnlySpan<double> expected)
    {
        var ratios = Ratios.AsSpan(input * Stride, Classes);
        for (var c = 0; c < Classes; c++)
            ratios[c] = CountedOf(input, c) / expected[c];
        SameBits.Log(ratios, ratios);
    }
}
