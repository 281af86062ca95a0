using System.Collections.Immutable;

namespace ExplicitCluster.Grains.Models;

/// <summary>One set of lags of a language model.</summary>
/// <param name="Lags">The lags.</param>
/// <param name="Weight">What its deltas are multiplied by.</param>
/// <param name="Discounts">What is taken from counts of one, two, and three or more.</param>
/// <param name="Counted">Cells that were counted.</param>
/// <param name="Cells">Cells that the model stores.</param>
/// <param name="Rows">Contexts that it stores.</param>
public sealed record LagSetDescription(ImmutableArray<int> Lags, double Weight, ImmutableArray<double> Discounts, long Counted, long Cells, long Rows);
