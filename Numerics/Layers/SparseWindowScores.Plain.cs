using ExplicitCluster.Numerics.Elementary;
using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Numerics.Layers;

/// <content>The plain twin of <see cref="Score"/>.</content>
public sealed partial class SparseWindowScores
{
    /// <summary>The definition for one column of one window of one row, in integers: equal to what <see cref="Score"/> writes.</summary>
    /// <param name="rows">The layer's own rows.</param>
    /// <param name="m">The row.</param>
    /// <param name="y">The class, or sub-class, that it is left out of; -1 for a row that is in no count.</param>
    /// <param name="window">The window.</param>
    /// <param name="c">The column.</param>
    public long ScorePlain(SparseRows rows, int m, int y, int window, int c)
    {
        var isOwn = y >= 0 && Targets.ColumnOf(y, c / Targets.Choices) == c;
        var entries = Enumerable.Range(rows.Starts[m], rows.Starts[m + 1] - rows.Starts[m]).ToList();
        var kept = entries.FindAll(i => y < 0 || Vanishing?[rows.Indices[i]] != true);
        var inputs = _groupsOf[window].SelectMany(group => Enumerable.Range(_layout.Maps[group].FirstInput, _layout.Maps[group].Inputs)).ToHashSet();
        var (sum, weight, mass) = (0L, 0L, inputs.Sum(j => CountOf(j, c)));
        foreach (var i in kept.Where(i => inputs.Contains(rows.Indices[i])))
        {
            var count = CountOf(rows.Indices[i], c) - (isOwn ? UnitsOf(entries, i) : 0);
            sum += UnitsOf(kept, i) * (LogOf(count, 1) + MoveOf(rows.Indices[i], c));
            weight += UnitsOf(kept, i);
        }
        if (isOwn)
            mass -= entries.Where(i => inputs.Contains(rows.Indices[i])).Sum(i => UnitsOf(entries, i));
        var leftOut = entries.Except(kept).Count(i => inputs.Contains(rows.Indices[i]));
        return sum - weight * LogOf(mass, inputs.Count - leftOut);

        long UnitsOf(List<int> all, int i) => FixedPoint.Quantise(rows.Values[i], FixedPoint.ScaleOf(all.Sum(j => (double)rows.Values[j])));

        long LogOf(long units, int smoothed) => Units(SameBits.Log((double)Math.Max(units, 0) / FixedPoint.One + _alpha * smoothed));
    }
}
