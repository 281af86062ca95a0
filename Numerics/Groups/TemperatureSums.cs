namespace ExplicitCluster.Numerics.Groups;

/// <summary>Loss of temperatures over some rows with its derivatives.</summary>
/// <param name="Rows">Rows.</param>
/// <param name="Loss">Sum of -log p, nats.</param>
/// <param name="Gradient">(slots).</param>
/// <param name="Curvature">(slots, slots), the second derivatives, symmetric.</param>
public sealed record TemperatureSums(long Rows, double Loss, double[] Gradient, double[,] Curvature);
