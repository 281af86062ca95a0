using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using ExplicitCluster.Numerics.Elementary;
using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Solution;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Numerics.Selection;

/// <summary>
/// K and alpha by held-out rows: where the vocabulary comes from the rows, leaving one out is biased (docs/math.md 4). Rows that neither F nor the
/// vocabulary has seen are scored under a whole grid of settings; one without a known input is predicted by the prior and counts.
/// </summary>
/// <param name="layout">Layout of the rows, sparse.</param>
/// <param name="counts">F of the other rows.</param>
/// <param name="totals">Its totals.</param>
/// <param name="ks">Candidates for K, ascending.</param>
/// <param name="alphas">Candidates for alpha, ascending, above 0.</param>
/// <param name="beta">Smoothing of the class prior.</param>
public sealed class SparseHeldOut(
    RowLayout layout, CountTable counts, ClassTotals totals, IReadOnlyList<double> ks, IReadOnlyList<double> alphas, double beta)
{
    private const int Lanes = 4;
    private const int RowsPerCheck = 1024;

    private readonly int _classes = totals.Classes;

    /// <summary>Whether values are taken as they are, not scaled to rows of norm 1.</summary>
    public bool KeepsNorms { get; init; }

    /// <summary>Losses of the rows, each times the weights of its class and of itself; their labels are classes of the totals.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="labels">A class a row.</param>
    /// <param name="weights">A weight a row; none where every row weighs 1.</param>
    /// <param name="cancellationToken">Checked every thousand rows.</param>
    /// <exception cref="SolveException">A class without evidence and beta 0.</exception>
    public GridLoss Score(SparseRows rows, ReadOnlySpan<int> labels, ReadOnlySpan<float> weights, CancellationToken cancellationToken)
    {
        LabelCheck.InRange(labels, rows.Count, _classes);
        var losses = new GridLoss(ks, alphas) { Rows = rows.Count };
        var rowOf = RowOfInput();
        var means = new double[_classes];
        double[] candidates = [.. ks];
        for (var a = 0; a < alphas.Count; a++)
        {
            var solution = new ExplicitSolution(layout, totals, new SolveSettings(1, alphas[a], beta));
            var (table, unseen, prior) = (solution.SolveDouble(counts), solution.UnseenDouble(0), solution.BiasDouble());
            var all = losses.Losses.AsSpan(a * ks.Count, ks.Count);
            for (var m = 0; m < rows.Count; m++)
            {
                if (m % RowsPerCheck == 0)
                    cancellationToken.ThrowIfCancellationRequested();
                MeanScores(rows, m, rowOf, table, unseen, means);
                var weight = (totals.Weights?[labels[m]] ?? 1) * (weights.IsEmpty ? 1 : weights[m]);
                LeaveOneOutPrior.AddLosses(candidates, means, prior, labels[m], all, weight);
            }
        }
        return losses;
    }

    /// <summary>sum_j x_j / norm U[j, :], or of the values as they are, without prior: (C).</summary>
    private void MeanScores(SparseRows rows, int row, int[] rowOf, double[] weights, double[] unseen, Span<double> means)
    {
        means.Clear();
        var norm = NormOf(rows, row);
        ref var sum = ref MemoryMarshal.GetReference(means);
        for (var i = rows.Starts[row]; i < rows.Starts[row + 1]; i++)
        {
            var (value, place) = (rows.Values[i] / norm, rowOf[rows.Indices[i]]);
            var source = place < 0 ? unseen.AsSpan() : weights.AsSpan(place * _classes, _classes);
            ref var first = ref MemoryMarshal.GetReference(source);
            var c = 0;
            for (; c <= _classes - Lanes; c += Lanes)
                (Vector256.LoadUnsafe(ref sum, (nuint)c) + Vector256.LoadUnsafe(ref first, (nuint)c) * value).StoreUnsafe(ref sum, (nuint)c);
            for (; c < _classes; c++)
                means[c] += Unsafe.Add(ref first, c) * value;
        }
    }

    private double NormOf(SparseRows rows, int row) => KeepsNorms ? 1 : rows.NormOf(row);

    private int[] RowOfInput()
    {
        var rowOf = new int[layout.Inputs];
        Array.Fill(rowOf, -1);
        for (var i = 0; i < counts.Seen.Length; i++)
            rowOf[counts.Seen[i]] = i;
        return rowOf;
    }

    /// <summary>The plain twin: a row's loss under one K and alpha, in nats, straight from docs/math.md 2.</summary>
    public double LossPlain(SparseRows rows, int row, int label, double k, double alpha)
    {
        var (norm, rowOf, evidence) = (NormOf(rows, row), RowOfInput(), totals.Evidence(layout));
        var scores = new double[_classes];
        for (var c = 0; c < _classes; c++)
        {
            scores[c] = SameBits.Log((evidence[c] + beta) / (evidence.Sum() + beta * _classes));
            for (var i = rows.Starts[row]; i < rows.Starts[row + 1]; i++)
            {
                var place = rowOf[rows.Indices[i]];
                var count = place < 0 ? 0 : (double)counts.Row(place)[c] / FixedPoint.One * (totals.Weights?[c] ?? 1);
                scores[c] += k * rows.Values[i] / norm * (SameBits.Log(count + alpha) - SameBits.Log(evidence[c] + alpha * layout.Inputs));
            }
        }
        return Metrics.Softmax.Probabilities(scores, new double[_classes]) - scores[label];
    }
}
