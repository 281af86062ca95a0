namespace ExplicitCluster.Numerics.Language;

/// <summary>Sums over positions: the loss, its gradient and its Hessian (row-major) in the weights.</summary>
public sealed class WeightSums(int weights)
{
    public double Loss { get; set; }

    public double[] Gradient { get; } = new double[weights];

    public double[] Hessian { get; } = new double[weights * weights];
}
