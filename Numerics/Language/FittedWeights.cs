namespace ExplicitCluster.Numerics.Language;

/// <summary>Weights that were fitted on held-out text.</summary>
/// <param name="Weights">That of log p(c), then one a set of lags.</param>
/// <param name="CrossEntropy">Mean loss of the held-out positions, in nats.</param>
/// <param name="Positions">How many those were.</param>
/// <param name="Steps">Newton steps.</param>
public sealed record FittedWeights(double[] Weights, double CrossEntropy, int Positions, int Steps);
