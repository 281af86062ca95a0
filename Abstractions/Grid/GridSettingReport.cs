using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Specifications;

namespace ExplicitCluster.Abstractions.Grid;

/// <summary>A setting and what it is worth.</summary>
public sealed record GridSettingReport
{
    /// <summary>Index of its group.</summary>
    public required int Group { get; init; }
    public required GridPrior Prior { get; init; }
    public required double Beta { get; init; }
    public required double Alpha { get; init; }
    public required double K { get; init; }

    /// <summary>Over the training rows, each left out; null where no row can be left out.</summary>
    public GridFigures? LeftOut { get; init; }

    /// <summary>Mean over the folds of each fold's figures.</summary>
    public required GridFigures Folds { get; init; }

    /// <summary>Standard deviation over the folds, of k - 1 degrees of freedom.</summary>
    public required GridFigures Deviation { get; init; }

    /// <summary>The figures of each fold.</summary>
    public required ImmutableArray<GridFigures> EachFold { get; init; }
}
