using ExplicitCluster.Numerics.Encodings;

namespace ExplicitCluster.Numerics.Scoring;

/// <content>The plain twin of <see cref="Score"/>, and the checks that both make.</content>
public sealed partial class SparseLayer
{
    /// <summary>What <see cref="Score"/> does, one product after another; equal to it bit for bit.</summary>
    /// <exception cref="ArgumentException">The rows have another number of inputs, or <paramref name="scores"/> is too short.</exception>
    public void ScorePlain(SparseRows rows, int first, int count, Span<double> scores)
    {
        Check(rows, count, scores);
        for (var m = 0; m < count; m++)
        {
            var entries = Enumerable.Range(rows.Starts[first + m], rows.Starts[first + m + 1] - rows.Starts[first + m]);
            var norm = entries.Sum(i => (double)rows.Values[i]);
            for (var c = 0; c < Classes; c++)
            {
                double score = Bias[c];
                if (Scale.IsByGroup)
                {
                    foreach (var group in rows.Layout.Maps)
                    {
                        var mine = entries.Where(i => rows.Indices[i] >= group.FirstInput && rows.Indices[i] < group.FirstInput + group.Inputs).ToList();
                        if (mine.Count > 0)
                            score += SumPlain(rows, mine, c) * Scale.OfGroup(mine.Count);
                    }
                }
                else if (norm > 0)
                {
                    score += SumPlain(rows, entries, c) / norm;
                }
                scores[m * Classes + c] = score;
            }
        }
    }

    private double SumPlain(SparseRows rows, IEnumerable<int> entries, int c)
    {
        var sum = 0.0;
        foreach (var i in entries)
            sum += (double)rows.Values[i] * Weights[rows.Indices[i] * Classes + c];
        return sum;
    }

    private void Check(SparseRows rows, int count, Span<double> scores)
    {
        if (rows.Layout.Inputs != Layout.Inputs)
            throw new ArgumentException($"the rows have {rows.Layout.Inputs} inputs, the layer {Layout.Inputs}", nameof(rows));
        if (scores.Length < (long)count * Classes)
            throw new ArgumentException($"{count} rows of {Classes} scores do not fit a span of {scores.Length}", nameof(scores));
    }
}
