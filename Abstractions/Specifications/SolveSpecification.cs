using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace ExplicitCluster.Abstractions.Specifications;

/// <summary>
/// Settings of the explicit solution (docs/math.md 2 and 4). One value of K and alpha is taken as it is; of several, leave-one-out on the
/// training rows chooses.
/// </summary>
[GenerateSerializer, Immutable, Alias("explicit.SolveSpecification")]
public sealed record SolveSpecification
{
    /// <summary>The grid that <c>k: auto</c> stands for.</summary>
    public static ImmutableArray<double> AutoK { get; } = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64];

    /// <summary>The grid that <c>alpha: auto</c> stands for.</summary>
    public static ImmutableArray<double> AutoAlpha { get; } = [.001, .003, .01, .03, .1, .3, 1];

    /// <summary>Candidates for K, the effective number of independent features; ascending, each above 0.</summary>
    [Id(0)] public ImmutableArray<double> K { get; init; } = AutoK;

    /// <summary>Candidates for the smoothing of counts, in the units of the encoding's counts; ascending, each at least 0.</summary>
    [Id(1)] public ImmutableArray<double> Alpha { get; init; } = AutoAlpha;

    /// <summary>Smoothing of the class prior, in rows; at least 0.</summary>
    [Id(2)] public double Beta { get; init; }

    /// <summary>Weights of classes; null where every class weighs 1.</summary>
    [Id(3)] public ClassWeightSpecification? ClassWeights { get; init; }

    /// <summary>Whether every feature map has a K of its own, fitted jointly (docs/math.md 13); <see cref="K"/> then says nothing.</summary>
    [Id(4)] public bool ByGroup { get; init; }

    /// <summary>Whether leave-one-out has anything to choose.</summary>
    [JsonIgnore]
    public bool HasChoice => ByGroup || K.Length > 1 || Alpha.Length > 1;
}
