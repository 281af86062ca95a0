using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Numerics.Layers;

/// <content>The plain twin of <see cref="Score"/>.</content>
public sealed partial class DenseWindowScores
{
    /// <summary>The definition for one column of one window of one row: equal to what <see cref="Score"/> writes.</summary>
    /// <param name="rows">The layer's own rows.</param>
    /// <param name="m">The row.</param>
    /// <param name="y">The class, or sub-class, that it is left out of; -1 for a row that is in no count.</param>
    /// <param name="window">The window.</param>
    /// <param name="c">The column.</param>
    public long ScorePlain(DenseRows rows, int m, int y, int window, int c)
    {
        var shares = new long[_layout.Inputs];
        Quantise(rows, m, shares);
        var (sum, weight, mass) = (0L, 0L, 0.0);
        var isOwn = y >= 0 && Targets.ColumnOf(y, c / Targets.Choices) == c;
        foreach (var j in _grid.PlacesOf(_layout.Inputs, window))
        {
            var left = isOwn ? (double)shares[j] / FixedPoint.One : 0;
            sum += shares[j] * (Units(Math.Max(_byClass[c * _layout.Inputs + j] - left, 0) + _alpha) + MoveOf(j, c));
            weight += shares[j];
            mass += _byClass[c * _layout.Inputs + j];
        }
        var rest = isOwn ? Math.Max(mass - (double)weight / FixedPoint.One, 0) : mass;
        return sum - weight * Units(rest + _alpha * _inputsOf[window].Length);
    }
}
