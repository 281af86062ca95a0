using System.Collections.Immutable;

namespace ExplicitCluster.Abstractions.Grid;

/// <summary>A group of feature maps.</summary>
/// <param name="Name">Its maps.</param>
/// <param name="StatisticsSha256">What a training on these maps has.</param>
/// <param name="FoldStatisticsSha256">What a training on them without each fold has.</param>
public sealed record GridGroupReport(string Name, string StatisticsSha256, ImmutableArray<string> FoldStatisticsSha256);
