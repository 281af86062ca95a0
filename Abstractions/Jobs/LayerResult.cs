using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Specifications;

namespace ExplicitCluster.Abstractions.Jobs;

/// <summary>What became of one layer below.</summary>
/// <param name="Number">From 1, the lowest.</param>
/// <param name="Inputs">Inputs of its rows.</param>
/// <param name="K">Given, or chosen by leave-one-out; without meaning for best classes.</param>
/// <param name="Alpha">Given, or chosen by leave-one-out.</param>
/// <param name="StatisticsSha256">SHA-256 of its merged statistics.</param>
/// <param name="ReusedShards">Shards whose statistics were already in the store.</param>
/// <param name="Choice">Leave-one-out results of the grid; empty where nothing was chosen.</param>
[GenerateSerializer, Immutable, Alias("explicit.LayerResult")]
public sealed record LayerResult(
    [property: Id(0)] int Number,
    [property: Id(1)] int Inputs,
    [property: Id(2)] double K,
    [property: Id(3)] double Alpha,
    [property: Id(4)] string StatisticsSha256,
    [property: Id(5)] int ReusedShards,
    [property: Id(6)] ImmutableArray<GridPoint> Choice)
{
    /// <summary>What the layer tells apart; null for the labels.</summary>
    [Id(8)] public HiddenTargetSpecification? Targets { get; init; }

    /// <summary>Of sub-classes: SHA-256 of the merged statistics of every pass before the last, the start's first.</summary>
    [Id(7)] public ImmutableArray<string> Passes { get; init; } = [];

    /// <summary>What refined it; null for the explicit solution.</summary>
    [Id(10)] public RefinedLayer? Refined { get; init; }
}
