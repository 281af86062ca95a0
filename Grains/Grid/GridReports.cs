using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Grid;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Numerics.Metrics;
using ExplicitCluster.Numerics.Selection;

namespace ExplicitCluster.Grains.Grid;

/// <summary>From sums over all rows to the figures of every setting.</summary>
internal static class GridReports
{
    /// <param name="unit">The unit that was scored.</param>
    /// <param name="grid">The settings.</param>
    /// <param name="sums">Sums over all training rows.</param>
    /// <param name="firstGroup">Index of the unit's first group among all groups.</param>
    public static IEnumerable<GridSettingReport> SettingsOf(GridUnit unit, GridSpecification grid, GridSums sums, int firstGroup)
    {
        var settings = GridTables.SettingsOf(unit, grid);
        var priors = grid.PriorSettings;
        for (var group = 0; group < unit.Groups.Length; group++)
        {
            for (var prior = 0; prior < priors.Count; prior++)
            {
                for (var alpha = 0; alpha < grid.Alpha.Length; alpha++)
                {
                    for (var k = 0; k < grid.K.Length; k++)
                    {
                        var at = settings.IndexOf(group, prior, alpha, k);
                        var rows = sums.LeftOutRows[prior];
                        ImmutableArray<GridFigures> folds =
                        [
                            .. sums.FoldRows.Select((count, fold) => new GridFigures(
                                ExactSum.Mean(sums.FoldLoss[fold * sums.Settings + at], count), (double)sums.FoldCorrect[fold * sums.Settings + at] / count)),
                        ];
                        yield return new GridSettingReport
                        {
                            Group = firstGroup + group,
                            Prior = priors[prior].Prior,
                            Beta = priors[prior].Beta,
                            Alpha = grid.Alpha[alpha],
                            K = grid.K[k],
                            LeftOut = rows == 0 ? null : new GridFigures(ExactSum.Mean(sums.LeftOutLoss[at], rows), (double)sums.LeftOutCorrect[at] / rows),
                            Folds = new GridFigures(folds.Average(fold => fold.CrossEntropy), folds.Average(fold => fold.Accuracy)),
                            Deviation = new GridFigures(DeviationOf(folds, fold => fold.CrossEntropy), DeviationOf(folds, fold => fold.Accuracy)),
                            EachFold = folds,
                        };
                    }
                }
            }
        }
    }

    /// <summary>The least cross-entropy; ties go to the smaller K, then to the smaller alpha, then to the first.</summary>
    public static int? BestOf(IReadOnlyList<GridSettingReport> settings, Func<GridSettingReport, GridFigures?> figuresOf)
    {
        int? best = null;
        for (var i = 0; i < settings.Count; i++)
        {
            if (figuresOf(settings[i]) is not { } figures)
                continue;
            if (best is not { } found || Key(settings[i], figures).CompareTo(Key(settings[found], figuresOf(settings[found])!)) < 0)
                best = i;
        }
        return best;

        static (double, double, double) Key(GridSettingReport setting, GridFigures figures) => (figures.CrossEntropy, setting.K, setting.Alpha);
    }

    private static double DeviationOf(ImmutableArray<GridFigures> folds, Func<GridFigures, double> part)
    {
        var mean = folds.Average(part);
        return Math.Sqrt(folds.Sum(fold => (part(fold) - mean) * (part(fold) - mean)) / (folds.Length - 1));
    }
}
