namespace ExplicitCluster.Abstractions.Specifications;

/// <summary>The cells of a block, down and across; written 1x2 for a row of two.</summary>
[GenerateSerializer, Immutable, Alias("explicit.CellShape")]
public sealed record CellShape([property: Id(0)] int Height, [property: Id(1)] int Width)
{
    public override string ToString() => FormattableString.Invariant($"{Height}x{Width}");
}
