using ExplicitCluster.Numerics.Elementary;

namespace ExplicitCluster.Numerics.Refinement;

/// <summary>
/// The weights of one run of scaling sweeps, (Cells, C), row-major, float64: what a reducer moves along the direction that the workers' sums give
/// (docs/math.md 8). Zero at first; a block that no chunk held yet stays so.
/// </summary>
/// <param name="counts">Observed counts.</param>
public sealed class SweepWeights(SweepCounts counts)
{
    private double[] _quotients = [];

    /// <summary>(Cells, C), row-major.</summary>
    public double[] Values { get; } = new double[(long)counts.Compaction.Cells * counts.Classes];

    /// <summary>W += step x log((F + a) / (F̂ + a)) in the blocks of the chunk.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="expected">F̂ over all workers: (Cells of the chunk, C), in units of 2^-30.</param>
    /// <param name="alpha">a; above 0.</param>
    /// <param name="step">Damping times the fitted step.</param>
    public void Move(SweepChunk chunk, ReadOnlySpan<long> expected, double alpha, double step)
    {
        var classes = counts.Classes;
        for (var i = 0; i < chunk.Blocks.Count; i++)
        {
            var cells = chunk.StartOf(i + 1) - chunk.StartOf(i);
            var from = expected.Slice(chunk.StartOf(i) * classes, cells * classes);
            if (_quotients.Length < from.Length)
                _quotients = new double[from.Length];
            var quotients = _quotients.AsSpan(0, from.Length);
            for (var cell = 0; cell < cells; cell++)
            {
                var observed = counts.Padded.Slice((chunk.GlobalStartOf(i) + cell) * counts.Stride, classes);
                for (var c = 0; c < classes; c++)
                    quotients[cell * classes + c] = (observed[c] + alpha) / (from[cell * classes + c] / SweepRun.ShareUnits + alpha);
            }
            SameBits.Log(quotients, quotients);
            var weights = Values.AsSpan(chunk.GlobalStartOf(i) * classes, from.Length);
            for (var at = 0; at < weights.Length; at++)
                weights[at] += step * quotients[at];
        }
    }
}
