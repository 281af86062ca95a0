namespace ExplicitCluster.Abstractions.Specifications;

/// <summary>Parts the rows of a source by their numbers: the rule of figures that are to be reproduced.</summary>
/// <param name="Every">Length of the period, at least 2.</param>
/// <param name="Remainder">Rows with <c>number mod Every</c> equal to it are held out.</param>
/// <param name="IsHeldOut">Whether the held-out rows are meant, or all others.</param>
[GenerateSerializer, Immutable, Alias("explicit.RowSplit")]
public sealed record RowSplit(
    [property: Id(0)] int Every,
    [property: Id(1)] int Remainder,
    [property: Id(2)] bool IsHeldOut);
