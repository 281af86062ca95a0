using System.Collections.Immutable;

namespace ExplicitCluster.Abstractions.Specifications;

/// <summary>A layer below: solved from statistics of its own, and what the layer above sees of it.</summary>
[GenerateSerializer, Immutable, Alias("explicit.LayerSpecification")]
public sealed record LayerSpecification
{
    /// <summary>Feature maps of the layer's rows; the map <c>layer</c> stands for a layer further below. Of texts there is none.</summary>
    [Id(0)] public required ImmutableArray<FeatureMapSpecification> Features { get; init; }

    /// <summary>Of a layer over texts or sparse rows: its groups of features; null where rows are others.</summary>
    [Id(6)] public TextSpecification? Text { get; init; }

    [Id(1)] public LayerActivation Activation { get; init; }

    /// <summary>Null: one window, the whole row.</summary>
    [Id(2)] public WindowSpecification? Windows { get; init; }

    /// <summary>Best classes: tuples of windows; null where every window is a block.</summary>
    [Id(3)] public TupleSpecification? Tuples { get; init; }

    /// <summary>Temperature and smoothing of the layer's solution; best classes know no temperature.</summary>
    [Id(4)] public SolveSpecification Solve { get; init; } = new();

    /// <summary>What the layer tells apart; null for the labels.</summary>
    [Id(5)] public HiddenTargetSpecification? Targets { get; init; }

    /// <summary>What refines the layer as a classifier of whole rows, on its own loss.</summary>
    [Id(8)] public RefineSpecification Refine { get; init; } = new();
}
