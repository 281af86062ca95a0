using ExplicitCluster.Numerics.Metrics;

namespace ExplicitCluster.Numerics.Groups;

/// <summary>The sums of <see cref="TemperatureSums"/> as integers in units of <see cref="ExactSum"/>: sums over disjoint rows add up, in any order.</summary>
/// <param name="slots">Number of temperatures.</param>
public sealed class ExactTemperatureSums(int slots)
{
    public int Slots => slots;

    public long Rows { get; set; }

    public Int128 Loss { get; set; }

    /// <summary>(slots).</summary>
    public Int128[] Gradient { get; init; } = new Int128[slots];

    /// <summary>The upper triangle of (slots, slots), row by row.</summary>
    public Int128[] Curvature { get; init; } = new Int128[slots * (slots + 1) / 2];

    public void Add(ExactTemperatureSums other)
    {
        Rows += other.Rows;
        Loss += other.Loss;
        for (var i = 0; i < Gradient.Length; i++)
            Gradient[i] += other.Gradient[i];
        for (var i = 0; i < Curvature.Length; i++)
            Curvature[i] += other.Curvature[i];
    }

    public TemperatureSums ToNumbers()
    {
        var curvature = new double[slots, slots];
        var at = 0;
        for (var k = 0; k < slots; k++)
        {
            for (var l = k; l < slots; l++)
                curvature[k, l] = curvature[l, k] = ExactSum.Mean(Curvature[at++], 1);
        }
        return new TemperatureSums(Rows, ExactSum.Mean(Loss, 1), [.. Gradient.Select(sum => ExactSum.Mean(sum, 1))], curvature);
    }
}
