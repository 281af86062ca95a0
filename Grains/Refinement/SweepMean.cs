using ExplicitCluster.Abstractions.Errors;
using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Refinement;
using ExplicitCluster.Data.Formats;
using ExplicitCluster.Data.Store;

namespace ExplicitCluster.Grains.Refinement;

/// <summary>The mean of the runs' weights: one model of the same size.</summary>
internal static class SweepMean
{
    /// <summary>(Cells, C), row-major: float64 sums in the order of the runs, divided at the end. Every one fits float32.</summary>
    public static async Task<double[]> OfAsync(IArtifactStore store, SweepTables tables, RefinementCheckpoint end, CancellationToken cancellationToken)
    {
        var sum = new double[(long)tables.Compaction.Cells * tables.Counts.Classes];
        for (var run = 0; run < end.RunFiles.Length; run++)
        {
            var weights = (await NumbersFile.ReadAsync<double>(store, SweepWork.RunFile(end.Name, run), end.RunFiles[run], 1, sum.Length, cancellationToken))[0];
            for (var i = 0; i < sum.Length; i++)
                sum[i] += weights[i];
        }
        foreach (ref var mean in sum.AsSpan())
        {
            mean /= end.RunFiles.Length;
            if (!float.IsFinite((float)mean))
                throw new JobException($"the sweeps ended at a weight of {(float)mean}", "raise refine.alpha, or lower refine.damping");
        }
        return sum;
    }
}
