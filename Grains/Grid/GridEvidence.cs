using ExplicitCluster.Abstractions.Errors;
using ExplicitCluster.Abstractions.Grid;
using ExplicitCluster.Abstractions.Specifications;

namespace ExplicitCluster.Grains.Grid;

/// <summary>Without a row of a class an observed prior is log 0 unless beta smooths it.</summary>
internal static class GridEvidence
{
    /// <exception cref="JobException">A class has no evidence outside a fold, and a setting needs it.</exception>
    public static void Check(GridStatistics statistics, GridSpecification grid)
    {
        if (grid.PriorSettings.All(setting => setting.Prior == GridPrior.Uniform || setting.Beta > 0))
            return;
        var whole = statistics.Whole;
        for (var label = 0; label < whole.Labels.Length; label++)
        {
            if (whole.ClassRows[label] == 0)
                throw Missing($"every row of label '{whole.Labels[label]}' has zero norm");
            for (var fold = 0; fold < statistics.Folds.Length; fold++)
            {
                if (statistics.Folds[fold].ClassRows[label] == whole.ClassRows[label])
                    throw Missing($"every row of label '{whole.Labels[label]}' that says anything is in fold {fold} of {statistics.Folds.Length}");
            }
        }
    }

    private static JobException Missing(string what) =>
        new($"{what}: without them the label has no evidence, and its prior is log 0", "set grid.beta above 0 or grid.priors: uniform, or remove the rows");
}
