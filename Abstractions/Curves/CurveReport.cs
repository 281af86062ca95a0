using System.Collections.Immutable;

namespace ExplicitCluster.Abstractions.Curves;

/// <summary>What came of a learning curve: <c>jobs/ID/curve.json</c>.</summary>
public sealed record CurveReport
{
    public required string Name { get; init; }
    public required double K { get; init; }
    public required double Alpha { get; init; }
    public required long TestRows { get; init; }

    /// <summary>From the least data to all of it.</summary>
    public required ImmutableArray<CurvePoint> Points { get; init; }

    /// <summary>Parts of the data that had no row of a label, each as a sentence.</summary>
    public required ImmutableArray<string> LeftOut { get; init; }
}
