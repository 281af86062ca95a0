namespace ExplicitCluster.Abstractions.Specifications;

/// <summary>What a label's rows weigh.</summary>
[GenerateSerializer, Immutable, Alias("explicit.LabelWeight")]
public sealed record LabelWeight([property: Id(0)] string Label, [property: Id(1)] double Weight);
