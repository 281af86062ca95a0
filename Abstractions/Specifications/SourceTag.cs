namespace ExplicitCluster.Abstractions.Specifications;

/// <summary>Something that a person says of a source's rows, to choose sources by; no number depends on it.</summary>
[GenerateSerializer, Immutable, Alias("explicit.SourceTag")]
public sealed record SourceTag([property: Id(0)] string Key, [property: Id(1)] string Value)
{
    public override string ToString() => $"{Key}={Value}";
}
