using ExplicitCluster.Numerics.Metrics;

namespace ExplicitCluster.Numerics.Selection;

/// <summary>Leave-one-out losses of a whole grid of settings as sums of integers; grids of disjoint rows add up.</summary>
/// <param name="ks">Candidates for K, ascending.</param>
/// <param name="alphas">Candidates for alpha, ascending.</param>
public sealed class GridLoss(IReadOnlyList<double> ks, IReadOnlyList<double> alphas)
{
    public IReadOnlyList<double> Ks { get; } = ks;

    public IReadOnlyList<double> Alphas { get; } = alphas;

    /// <summary>Rows that entered the sums. Rows of zero norm and rows that are their class's only evidence do not.</summary>
    public long Rows { get; set; }

    /// <summary>(alphas, Ks), row-major, in units of <see cref="ExactSum"/>.</summary>
    public Int128[] Losses { get; init; } = new Int128[ks.Count * alphas.Count];

    public void Add(GridLoss other)
    {
        Rows += other.Rows;
        for (var i = 0; i < Losses.Length; i++)
            Losses[i] += other.Losses[i];
    }

    /// <summary>Mean leave-one-out cross-entropy, nats a row.</summary>
    public double CrossEntropy(int alpha, int k) => ExactSum.Mean(Losses[alpha * Ks.Count + k], Rows);

    /// <summary>The least loss; ties go to the smaller K, then to the smaller alpha (docs/math.md 4).</summary>
    public (double K, double Alpha) Choose()
    {
        var best = (Loss: Int128.MaxValue, K: 0, Alpha: 0);
        for (var k = 0; k < Ks.Count; k++)
        {
            for (var alpha = 0; alpha < Alphas.Count; alpha++)
            {
                if (Losses[alpha * Ks.Count + k] < best.Loss)
                    best = (Losses[alpha * Ks.Count + k], k, alpha);
            }
        }
        return (Ks[best.K], Alphas[best.Alpha]);
    }
}
