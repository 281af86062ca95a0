namespace ExplicitCluster.Grains.Models.Explanations;

/// <summary>An input's counts in the training rows of two classes: rows for blocks, the sum of its shares for other rows.</summary>
/// <param name="Count">F[j, c] of the class that is explained.</param>
/// <param name="Expected">What it would be were input and class independent: T_c F_j / N, with T_c the class's sum over inputs, F_j the input's over classes.</param>
/// <param name="AgainstCount">F[j, c] of the class that it is held against.</param>
/// <param name="AgainstExpected">What that would be.</param>
public sealed record InputEvidence(double Count, double Expected, double AgainstCount, double AgainstExpected);
