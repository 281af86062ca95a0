using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Metrics;
using ExplicitCluster.Numerics.Selection;

namespace ExplicitCluster.Numerics.Layers;

/// <summary>
/// The probabilities of the classes in every window of a layer below, as dense rows (docs/math.md 12): p = softmax(K x mean score + log prior). Input c x Windows + w is
/// class c in window w, so that each class is a plane over the windows. Norm 1 a window. What a refinement moved in the bias is added to the prior.
/// </summary>
public sealed class SoftmaxMap : DenseMap, ILayerMap
{
    private readonly RowEncoder _below;
    private readonly int _classes;
    private readonly ILayerScores? _scores;
    private readonly double _k;
    private readonly LeaveOneOutPrior? _prior;
    private readonly double[] _logPrior = [];

    /// <param name="below">What makes the layer's own rows.</param>
    /// <param name="windows">Windows over them.</param>
    /// <param name="classes">C, the layer's classes.</param>
    /// <param name="scores">The layer's scores; null where only the number of inputs is asked for.</param>
    /// <param name="k">Inverse temperature, above 0.</param>
    /// <param name="beta">Smoothing of the prior, in rows.</param>
    public SoftmaxMap(RowEncoder below, WindowGrid windows, int classes, ILayerScores? scores, double k, double beta)
    {
        (_below, Windows, _classes, _scores, _k) = (below, windows, classes, scores, k);
        if (scores is null)
            return;
        _prior = new LeaveOneOutPrior([.. scores.Evidence], beta);
        _logPrior = new double[classes];
        _prior.Write(0, 0, _logPrior);
    }

    public override string Name => "layer";

    public WindowGrid Windows { get; }

    public override bool MakesNumbers => true;

    public override int InputsOf(RowShape shape) => checked(Windows.Count * _classes);

    public override (int Across, int Down)? PositionsOf(RowShape shape) => Windows.Windows;

    public override void Encode(RawRows rows, Span<byte> output, int stride) => throw new NotSupportedException("Probabilities are no bytes.");

    public override void Encode(RawRows rows, Span<float> output, int stride) => Encode(rows, [], output, stride);

    public override void Encode(RawRows rows, ReadOnlySpan<int> own, Span<float> output, int stride)
    {
        var scores = _scores ?? throw new InvalidOperationException("The layer's tables were not loaded.");
        var (prior, row, probabilities, values) = (new double[_classes], new double[_classes], new double[_classes], new float[rows.Count * Windows.Count * _classes]);
        var labels = own.ToArray();
        new LayerTiles(_below, scores).ForEachRow(rows, own, (m, sums, weights) =>
        {
            _logPrior.CopyTo(prior, 0);
            if (labels.Length > 0 && weights.ContainsAnyExcept(0)) // a row of zero norm is in no count
                _prior!.Write(labels[m], Math.Min(1, scores.Evidence[labels[m]]), prior);
            for (var window = 0; window < weights.Length; window++)
            {
                for (var c = 0; c < _classes; c++)
                    row[c] = prior[c] + (scores.BiasMoves?[c] ?? 0) + (weights[window] == 0 ? 0 : _k * (sums[window * _classes + c] / (WindowScores.One * weights[window])));
                Softmax.Probabilities(row, probabilities);
                for (var c = 0; c < _classes; c++)
                    values[(m * _classes + c) * weights.Length + window] = (float)probabilities[c];
            }
        });
        var size = Windows.Count * _classes;
        for (var m = 0; m < rows.Count; m++)
            values.AsSpan(m * size, size).CopyTo(output[(m * stride)..]);
    }
}
