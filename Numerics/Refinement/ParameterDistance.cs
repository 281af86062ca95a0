namespace ExplicitCluster.Numerics.Refinement;

/// <summary>How parameters lie to other ones, what all classes have in common left out: softmax does not see it.</summary>
/// <param name="Distance">The Euclidean norm of the difference.</param>
/// <param name="Cosine">Of the angle between them; NaN where one of them is 0.</param>
public readonly record struct ParameterDistance(double Distance, double Cosine)
{
    /// <summary>
    /// From <paramref name="parameters"/> to <paramref name="others"/>, both (n, C) row-major, the mean over the classes taken from every row of each: float64 sums, rows in order. A bias is a
    /// row like the others.
    /// </summary>
    /// <exception cref="ArgumentException">Different lengths, or no whole rows.</exception>
    public static ParameterDistance Of(ReadOnlySpan<float> parameters, ReadOnlySpan<float> others, int classes)
    {
        if (parameters.Length != others.Length || classes < 1 || parameters.Length % classes != 0)
            throw new ArgumentException($"{parameters.Length} and {others.Length} parameters are no equal numbers of rows of {classes} classes", nameof(parameters));
        var (difference, product, own, theirs) = (0.0, 0.0, 0.0, 0.0);
        for (var first = 0; first < parameters.Length; first += classes)
        {
            var a = parameters.Slice(first, classes);
            var b = others.Slice(first, classes);
            var (meanA, meanB) = (0.0, 0.0);
            for (var c = 0; c < classes; c++)
                (meanA, meanB) = (meanA + a[c], meanB + b[c]);
            (meanA, meanB) = (meanA / classes, meanB / classes);
            for (var c = 0; c < classes; c++)
            {
                var (x, y) = (a[c] - meanA, b[c] - meanB);
                difference += (x - y) * (x - y);
                product += x * y;
                own += x * x;
                theirs += y * y;
            }
        }
        return new ParameterDistance(Math.Sqrt(difference), product / Math.Sqrt(own * theirs));
    }
}
