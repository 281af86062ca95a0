using System.Collections.Immutable;

namespace ExplicitCluster.Grains.Models;

/// <summary>How far the weights of one class are apart in two models, each weight taken from its mean over classes.</summary>
/// <param name="Label">The class.</param>
/// <param name="Distance">Euclidean distance, L2.</param>
/// <param name="FromNorm">Norm in the first model.</param>
/// <param name="ToNorm">Norm in the second model.</param>
/// <param name="Product">Sum of products.</param>
/// <param name="MostMoved">The inputs whose change moves the class's score most over the training rows, largest first.</param>
public sealed record ClassMovement(
    string Label, double Distance, double FromNorm, double ToNorm, double Product, ImmutableArray<InputMovement> MostMoved)
{
    /// <summary>Of the angle between them; not a number where one of them is 0.</summary>
    public double Cosine => Product / (FromNorm * ToNorm);

    /// <summary>The distance in norms of the first model's weights.</summary>
    public double Relative => Distance / FromNorm;
}
