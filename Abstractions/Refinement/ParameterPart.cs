namespace ExplicitCluster.Abstractions.Refinement;

/// <summary>Part of one worker's parameters, or of their mean on the way back. Never changed once sent.</summary>
/// <param name="Epoch">The attempt.</param>
/// <param name="Round">From 0.</param>
/// <param name="Part">From 0.</param>
/// <param name="Worker">From 0; of the mean the one whose part came last.</param>
/// <param name="Rows">The worker's rows: its weight in the mean.</param>
/// <param name="Values">float32, little-endian.</param>
[GenerateSerializer, Immutable, Alias("explicit.ParameterPart")]
public sealed record ParameterPart(
    [property: Id(0)] long Epoch,
    [property: Id(1)] int Round,
    [property: Id(2)] int Part,
    [property: Id(3)] int Worker,
    [property: Id(4)] long Rows,
    [property: Id(5)] ReadOnlyMemory<byte> Values)
{
    /// <summary>Most numbers in one message: 4 MB with all around them.</summary>
    public const int MostValues = 975_000;
}
