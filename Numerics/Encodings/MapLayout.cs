namespace ExplicitCluster.Numerics.Encodings;

/// <summary>One feature map's share of a row.</summary>
/// <param name="Name">The map's key in a specification.</param>
/// <param name="FirstInput">Its first input in the row.</param>
/// <param name="Inputs">Its number of inputs: values, or codes of all its blocks.</param>
/// <param name="FirstBlock">Its first block; 0 for dense maps.</param>
/// <param name="Blocks">Its number of blocks; 0 for dense maps.</param>
public sealed record MapLayout(string Name, int FirstInput, int Inputs, int FirstBlock, int Blocks);
