using ExplicitCluster.Numerics.Metrics;

namespace ExplicitCluster.Numerics.Selection;

/// <summary>
/// Losses and right answers of a grid of settings, of rows each left out and of rows whose fold is left out, as sums of integers; those of disjoint
/// rows add up.
/// </summary>
public sealed class GridSums
{
    public GridSums(int settings, int priors, int folds)
    {
        (Settings, Folds) = (settings, folds);
        LeftOutRows = new long[priors];
        LeftOutLoss = new Int128[settings];
        LeftOutCorrect = new long[settings];
        FoldRows = new long[folds];
        FoldLoss = new Int128[settings * folds];
        FoldCorrect = new long[settings * folds];
    }

    public int Settings { get; }

    public int Folds { get; }

    /// <summary>Rows that were left out, a number a prior: rows of zero norm are not, nor rows without which their class has no prior.</summary>
    public long[] LeftOutRows { get; init; }

    /// <summary>A sum a setting, in units of <see cref="ExactSum"/>.</summary>
    public Int128[] LeftOutLoss { get; init; }

    public long[] LeftOutCorrect { get; init; }

    /// <summary>Rows a fold.</summary>
    public long[] FoldRows { get; init; }

    /// <summary>(folds, settings), row-major: of the fold's rows, under the counts of all others.</summary>
    public Int128[] FoldLoss { get; init; }

    /// <summary>(folds, settings), row-major.</summary>
    public long[] FoldCorrect { get; init; }

    public void Add(GridSums other)
    {
        AddTo(LeftOutRows, other.LeftOutRows);
        AddTo(LeftOutLoss, other.LeftOutLoss);
        AddTo(LeftOutCorrect, other.LeftOutCorrect);
        AddTo(FoldRows, other.FoldRows);
        AddTo(FoldLoss, other.FoldLoss);
        AddTo(FoldCorrect, other.FoldCorrect);
    }

    private static void AddTo<T>(T[] sums, T[] added) where T : System.Numerics.INumber<T>
    {
        for (var i = 0; i < sums.Length; i++)
            sums[i] += added[i];
    }
}
