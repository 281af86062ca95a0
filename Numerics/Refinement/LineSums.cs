namespace ExplicitCluster.Numerics.Refinement;

/// <summary>The loss of some rows at a point of a line and its first two derivatives along it, each row's rounded half to even to units of 2^-20 and summed.</summary>
/// <param name="Loss">Sum of -log p(label), nats.</param>
/// <param name="Gradient">Its derivative along the line.</param>
/// <param name="Curvature">Its second derivative.</param>
public readonly record struct LineSums(long Loss, long Gradient, long Curvature)
{
    /// <summary>Units of one nat.</summary>
    public const double Unit = 1 << 20;

    /// <exception cref="OverflowException">A sum beyond 2^63 - 1.</exception>
    public static LineSums operator +(LineSums a, LineSums b) =>
        new(checked(a.Loss + b.Loss), checked(a.Gradient + b.Gradient), checked(a.Curvature + b.Curvature));

    public static LineSums Add(LineSums a, LineSums b) => a + b;
}
