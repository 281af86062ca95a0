using ExplicitCluster.Numerics.Elementary;
using ExplicitCluster.Numerics.Solution;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Numerics.Groups;

/// <summary>
/// One layer of a solution by groups (docs/math.md 10): D_jc = log( (F_jc + al_jc) / (H_jc + al_jc) ), F what was counted and H what was expected: by the
/// prior alone in the first layer, by the model so far in a scaling pass. Rows of (D, Stride) float64 numbers; classes beyond C are padding of value 1.
/// </summary>
public sealed class RatioTable
{
    /// <summary>Units of one row's evidence in expected counts: 2^30.</summary>
    public const long ExpectedOne = 1L << 30;

    private RatioTable(int inputs, double[] classWeights)
    {
        (Classes, Stride) = (classWeights.Length, StrideOf(classWeights.Length));
        ClassWeights = new double[Stride];
        classWeights.CopyTo(ClassWeights, 0);
        Smoothing = new double[inputs];
        Counted = new double[checked((long)inputs * Stride)];
        Expected = new double[Counted.LongLength];
        Array.Fill(Counted, 1);
        Array.Fill(Expected, 1);
    }

    /// <summary>C.</summary>
    public int Classes { get; }

    /// <summary>Numbers a row: C rounded up to a multiple of 4.</summary>
    public int Stride { get; }

    /// <summary>F + al.</summary>
    public double[] Counted { get; }

    /// <summary>H + al.</summary>
    public double[] Expected { get; }

    /// <summary>(D) a x mean entry: al_jc is that times the class's weight.</summary>
    public double[] Smoothing { get; }

    /// <summary>(Stride) weight of each class in al.</summary>
    public double[] ClassWeights { get; }

    /// <summary>prior_c = max(n_c, 0.3) / N.</summary>
    public static double[] PriorOf(ClassTotals totals)
    {
        double rows = totals.Rows.Sum();
        return [.. totals.Rows.Select(count => Math.Max(count, .3) / rows)];
    }

    /// <summary>H_jc = prior_c sum_c F_jc, al_jc = a x mean entry of j x C prior_c.</summary>
    /// <param name="counts">F, in units of 2^-20.</param>
    /// <param name="rows">(D) training rows with each input.</param>
    /// <param name="prior">(C).</param>
    /// <param name="alpha">a.</param>
    public static RatioTable First(CountTable counts, long[] rows, double[] prior, double alpha)
    {
        var table = new RatioTable(counts.Inputs, [.. prior.Select(p => p * prior.Length)]);
        for (var i = 0; i < counts.Seen.Length; i++)
        {
            var input = counts.Seen[i];
            var sum = table.Count(input, counts.Row(i), rows[input], alpha);
            for (var c = 0; c < prior.Length; c++)
                table.Expected[(long)input * table.Stride + c] = sum * prior[c] + table.Smoothing[input] * table.ClassWeights[c];
        }
        return table;
    }

    /// <summary>H_jc what the model so far expects, al_jc = a x mean entry of j x (1 + C prior_c) / 2.</summary>
    /// <param name="counts">F, in units of 2^-20.</param>
    /// <param name="expected">H, in units of 2^-30, of the inputs of this part and no others.</param>
    /// <param name="rows">(D) training rows with each input.</param>
    /// <param name="prior">(C).</param>
    /// <param name="alpha">a.</param>
    public static RatioTable Pass(CountTable counts, CountTable expected, long[] rows, double[] prior, double alpha)
    {
        var table = new RatioTable(counts.Inputs, [.. prior.Select(p => (1 + p * prior.Length) / 2)]);
        var at = 0;
        for (var i = 0; i < counts.Seen.Length; i++)
        {
            var input = counts.Seen[i];
            while (at < expected.Seen.Length && expected.Seen[at] < input)
                at++;
            if (at == expected.Seen.Length || expected.Seen[at] != input)
                continue; // not of this part: its ratio stays 1
            table.Count(input, counts.Row(i), rows[input], alpha);
            var model = expected.Row(at);
            for (var c = 0; c < prior.Length; c++)
                table.Expected[(long)input * table.Stride + c] = (double)model[c] / ExpectedOne + table.Smoothing[input] * table.ClassWeights[c];
        }
        return table;
    }

    /// <summary>D, (D, Stride); 0 for classes beyond C and inputs that were not counted.</summary>
    public double[] Ratios()
    {
        var ratios = new double[Counted.LongLength];
        for (var i = 0L; i < ratios.LongLength; i++)
            ratios[i] = Counted[i] / Expected[i];
        SameBits.Log(ratios, ratios);
        return ratios;
    }

    /// <summary>Adds the layer at its temperatures to weights, (D, Stride).</summary>
    public void AddTo(double[] weights, FeatureSlots slots, ReadOnlySpan<double> temperatures)
    {
        var ratios = Ratios();
        for (var input = 0; input < Smoothing.Length; input++)
        {
            var e = temperatures[slots[input]];
            for (var at = (long)input * Stride; at < (input + 1L) * Stride; at++)
                weights[at] += e * ratios[at];
        }
    }

    internal static int StrideOf(int classes) => (classes + 3) / 4 * 4;

    /// <summary>Sets F + al of an input, and gives the sum of F.</summary>
    private double Count(int input, ReadOnlySpan<long> row, long rows, double alpha)
    {
        long sum = 0;
        foreach (var count in row)
            sum = checked(sum + count);
        var total = (double)sum / FixedPoint.One;
        Smoothing[input] = alpha * total / Math.Max(1, rows);
        for (var c = 0; c < row.Length; c++)
            Counted[(long)input * Stride + c] = (double)row[c] / FixedPoint.One + Smoothing[input] * ClassWeights[c];
        return total;
    }
}
