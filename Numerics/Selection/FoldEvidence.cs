using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Solution;

namespace ExplicitCluster.Numerics.Selection;

/// <summary>Evidence a class in whole rows: of all rows, and of the rows outside each fold, whose totals are those of all minus the fold's.</summary>
public sealed class FoldEvidence
{
    /// <param name="layout">Layout of the rows.</param>
    /// <param name="whole">Totals of all rows.</param>
    /// <param name="folds">Totals of each fold's rows.</param>
    public FoldEvidence(RowLayout layout, ClassTotals whole, IEnumerable<ClassTotals> folds)
    {
        Whole = whole.Evidence(layout);
        Without = [.. folds.Select(fold => Difference(whole, fold).Evidence(layout))];
    }

    /// <summary>(C)</summary>
    public double[] Whole { get; }

    /// <summary>(folds, C)</summary>
    public double[][] Without { get; }

    public int Classes => Whole.Length;

    public int Folds => Without.Length;

    private static ClassTotals Difference(ClassTotals whole, ClassTotals fold) => new(
        [.. whole.Rows.Zip(fold.Rows, (all, part) => all - part)],
        [.. whole.Mass.Zip(fold.Mass, (all, part) => checked(all - part))]);
}
