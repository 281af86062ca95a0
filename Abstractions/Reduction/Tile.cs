namespace ExplicitCluster.Abstractions.Reduction;

/// <summary>A run of inputs of one feature map, with all their classes.</summary>
/// <param name="FirstInput">The run's first input in the row.</param>
/// <param name="Inputs">Its length.</param>
/// <param name="MapFirstInput">The first input of its map: cells are hashed with numbers from 0 in each map.</param>
[GenerateSerializer, Immutable, Alias("explicit.Tile")]
public sealed record Tile(
    [property: Id(0)] int FirstInput,
    [property: Id(1)] int Inputs,
    [property: Id(2)] int MapFirstInput);
