namespace ExplicitCluster.Numerics.Language;

/// <summary>What is taken from a count of 1, of 2, and of 3 or more (docs/math.md 10).</summary>
public readonly record struct Discounts(double One, double Two, double More)
{
    /// <summary>
    /// From n_r, the number of cells of a whole table with count r. Three: D_r = r - (r + 1) Y n_(r+1) / n_r with Y = n1 / (n1 + 2 n2), or r / 2 where
    /// n_r or n1 is 0; all within [0.1, 0.97 r]. One: n1 / (n1 + 2 n2) for every count, or 1/2 where n1 is 0.
    /// </summary>
    /// <param name="cells">n1 to n4.</param>
    /// <param name="single">One discount in place of three.</param>
    public static Discounts Of(CountsOfCounts cells, bool single)
    {
        var y = cells.One > 0 ? cells.One / (cells.One + 2.0 * cells.Two) : 0.5;
        return single ? new Discounts(y, y, y) : new Discounts(OfCount(1, cells.One, cells.Two), OfCount(2, cells.Two, cells.Three), OfCount(3, cells.Three, cells.Four));

        double OfCount(int r, long same, long next) =>
            Math.Min(Math.Max(same > 0 && cells.One > 0 ? r - (r + 1) * y * next / same : r / 2.0, 0.1), 0.97 * r);
    }

    /// <summary>With nothing left of a count of 1, so that such cells need not be kept.</summary>
    public Discounts Pruned => this with { One = 1 };

    /// <summary>What is taken from a count.</summary>
    public double this[long count] => count == 1 ? One : count == 2 ? Two : More;
}
