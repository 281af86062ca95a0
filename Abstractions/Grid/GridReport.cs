using System.Collections.Immutable;

namespace ExplicitCluster.Abstractions.Grid;

/// <summary>What came of a grid: <c>jobs/ID/grid.json</c>.</summary>
public sealed record GridReport
{
    public required string Name { get; init; }

    /// <summary>Training rows, rows of zero norm included.</summary>
    public required long Rows { get; init; }

    public required ImmutableArray<string> Labels { get; init; }

    /// <summary>Rows of each fold.</summary>
    public required ImmutableArray<long> FoldRows { get; init; }

    public required ImmutableArray<GridGroupReport> Groups { get; init; }

    /// <summary>Every setting: groups, priors, alphas, Ks, each in ascending order.</summary>
    public required ImmutableArray<GridSettingReport> Settings { get; init; }

    /// <summary>Index of the setting with the least leave-one-out cross-entropy; ties go to the smaller K, then to the smaller alpha. Null where no row can be left out.</summary>
    public int? BestLeftOut { get; init; }

    /// <summary>The same of the mean over folds.</summary>
    public int? BestFolds { get; init; }
}
