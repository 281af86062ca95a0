using ExplicitCluster.Abstractions.Curves;
using ExplicitCluster.Abstractions.Reduction;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Grains.Models;
using ExplicitCluster.Grains.Reduction;
using ExplicitCluster.Grains.Shards;
using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Scoring;
using ExplicitCluster.Numerics.Solution;

namespace ExplicitCluster.Grains.Curves;

/// <summary>The layers of a curve's points: what a training on the same shards would publish.</summary>
internal sealed class CurveLayers
{
    private readonly List<Func<EncodedChunk, double[]>> _scores = [];

    /// <summary>Scores of encoded rows under each point, (rows, C), row-major.</summary>
    public IEnumerable<double[]> Score(EncodedChunk chunk) => _scores.Select(score => score(chunk));

    public static async Task<CurveLayers> LoadAsync(IArtifactStore store, RowLayout layout, CurveScoring scoring, CancellationToken cancellationToken)
    {
        var layers = new CurveLayers();
        foreach (var merged in scoring.Points)
            layers._scores.Add(await LoadAsync(store, layout, merged, new SolveSettings(scoring.K, scoring.Alpha, scoring.Beta), cancellationToken));
        return layers;
    }

    private static async Task<Func<EncodedChunk, double[]>> LoadAsync(IArtifactStore store, RowLayout layout, MergedStatistics merged, SolveSettings settings, CancellationToken cancellationToken)
    {
        var classes = merged.Labels.Length;
        var counts = await MergedTables.LoadAsync(store, merged, cancellationToken);
        var solution = new ExplicitSolution(layout, MergedTables.TotalsOf(merged), settings);
        var (bias, rowOfInput, weights) = WeightTensors.Read(
            layout, classes, WeightTensors.Of(layout, solution.Bias(), counts.Seen, solution.Solve(counts), solution.Unseen), merged.Name);
        if (layout.Kind == EncodingKind.Dense)
        {
            var dense = new DenseLayer(layout.Inputs, classes, bias, weights);
            return chunk => Scores(chunk, classes, scores => dense.Score(chunk.Dense!, 0, chunk.Rows, scores));
        }
        var blocks = new BlockLayer(layout, classes, bias, rowOfInput, weights);
        return chunk => Scores(chunk, classes, scores => blocks.Score(chunk.Blocks!, 0, chunk.Rows, scores));
    }

    private static double[] Scores(EncodedChunk chunk, int classes, Action<double[]> write)
    {
        var scores = new double[chunk.Rows * classes];
        write(scores);
        return scores;
    }
}
