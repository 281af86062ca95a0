namespace ExplicitCluster.Abstractions.Specifications;

/// <summary>Settings of a solution by groups (docs/math.md 10).</summary>
[GenerateSerializer, Immutable, Alias("explicit.TemperatureSpecification")]
public sealed record TemperatureSpecification
{
    public const double DefaultAlpha = 4;

    /// <summary>Smoothing of the first layer, in mean entries; above 0.</summary>
    [Id(0)] public double Alpha { get; init; } = DefaultAlpha;

    /// <summary>The values of a group in a row are multiplied by its number of features there to the power of minus this.</summary>
    [Id(1)] public double Rho { get; init; } = 0.75;

    /// <summary>Scaling passes after the first layer.</summary>
    [Id(2)] public int Passes { get; init; } = 1;

    /// <summary>Smoothing of a scaling pass, in mean entries; above 0.</summary>
    [Id(3)] public double PassAlpha { get; init; } = 3;
}
