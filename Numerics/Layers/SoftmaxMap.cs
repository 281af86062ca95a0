using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Metrics;
using ExplicitCluster.Numerics.Selection;

namespace ExplicitCluster.Numerics.Layers;

/// <summary>
/// The probabilities of the classes in every window of a layer below, as dense rows (docs/math.md 12): p = softmax(K x mean score + log prior). Input c x Windows + w is
/// class c in window w, so that each class is a plane over the windows. Norm 1 a window. Of a layer of label codes c is a value of a bit, and every bit has norm 1.
/// What a refinement moved in the bias is added to the prior.
/// </summary>
public sealed class SoftmaxMap : DenseMap, ILayerMap
{
    private readonly RowEncoder _below;
    private readonly ILayerScores? _scores;
    private readonly double _k;
    private readonly LeaveOneOutPrior[] _priors = [];
    private readonly double[] _logPrior = [];

    /// <param name="below">What makes the layer's own rows.</param>
    /// <param name="windows">Windows over them.</param>
    /// <param name="targets">What the layer tells apart.</param>
    /// <param name="scores">The layer's scores; null where only the number of inputs is asked for.</param>
    /// <param name="k">Inverse temperature, above 0.</param>
    /// <param name="beta">Smoothing of the prior, in rows.</param>
    public SoftmaxMap(RowEncoder below, WindowGrid windows, LayerTargets targets, ILayerScores? scores, double k, double beta)
    {
        (_below, Windows, Targets, _scores, _k) = (below, windows, targets, scores, k);
        if (scores is null)
            return;
        _priors = [.. scores.Evidence.Chunk(targets.Choices).Select(evidence => new LeaveOneOutPrior(evidence, beta))];
        _logPrior = new double[targets.Columns];
        for (var problem = 0; problem < targets.Problems; problem++)
            _priors[problem].Write(0, 0, ChoicesOf(_logPrior, problem));
    }

    public override string Name => "layer";

    public WindowGrid Windows { get; }

    public LayerTargets Targets { get; }

    public override bool MakesNumbers => true;

    public override int InputsOf(RowShape shape) => checked(Windows.Count * Targets.Columns);

    public override (int Across, int Down)? PositionsOf(RowShape shape) => Windows.Windows;

    public override void Encode(RawRows rows, Span<byte> output, int stride) => throw new NotSupportedException("Probabilities are no bytes.");

    public override void Encode(RawRows rows, Span<float> output, int stride) => Encode(rows, [], output, stride);

    public override void Encode(RawRows rows, ReadOnlySpan<int> own, Span<float> output, int stride)
    {
        var scores = _scores ?? throw new InvalidOperationException("The layer's tables were not loaded.");
        var columns = Targets.Columns;
        var (prior, row, probabilities, values) = (new double[columns], new double[columns], new double[columns], new float[rows.Count * Windows.Count * columns]);
        new LayerTiles(_below, scores).ForEachRow(rows, own, (m, target, sums, weights) =>
        {
            _logPrior.CopyTo(prior, 0);
            if (target >= 0)
                LeaveOut(target, scores.Evidence, prior);
            for (var window = 0; window < weights.Length; window++)
            {
                for (var c = 0; c < columns; c++)
                    row[c] = prior[c] + (scores.BiasMoves?[c] ?? 0) + (weights[window] == 0 ? 0 : _k * (sums[window * columns + c] / (WindowScores.One * weights[window])));
                for (var problem = 0; problem < Targets.Problems; problem++)
                    Softmax.Probabilities(ChoicesOf(row, problem), ChoicesOf(probabilities, problem));
                for (var c = 0; c < columns; c++)
                    values[(m * columns + c) * weights.Length + window] = (float)probabilities[c];
            }
        });
        var size = Windows.Count * Targets.Columns;
        for (var m = 0; m < rows.Count; m++)
            values.AsSpan(m * size, size).CopyTo(output[(m * stride)..]);
    }

    private void LeaveOut(int target, IReadOnlyList<double> evidence, double[] prior)
    {
        for (var problem = 0; problem < Targets.Problems; problem++)
        {
            var column = Targets.ColumnOf(target, problem);
            _priors[problem].Write(column - problem * Targets.Choices, Math.Min(1, evidence[column]), ChoicesOf(prior, problem));
        }
    }

    private Span<double> ChoicesOf(double[] columns, int problem) => columns.AsSpan(problem * Targets.Choices, Targets.Choices);
}
