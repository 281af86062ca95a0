using System.Collections.Immutable;

namespace ExplicitCluster.Abstractions.Jobs;

/// <summary>How a model does on labelled rows.</summary>
[GenerateSerializer, Immutable, Alias("explicit.EvaluationReport")]
public sealed record EvaluationReport
{
    [Id(0)] public required long Rows { get; init; }

    /// <summary>Share of rows whose most probable class is their label; a tie goes to the lowest class.</summary>
    [Id(1)] public required double Accuracy { get; init; }

    /// <summary>Mean negative log-probability of the label, nats a row.</summary>
    [Id(2)] public required double CrossEntropy { get; init; }

    /// <summary>Expected calibration error over 15 equal bins of confidence.</summary>
    [Id(3)] public required double CalibrationError { get; init; }

    /// <summary>Rows by class: (C, C), row-major, true class by predicted class.</summary>
    [Id(4)] public required ImmutableArray<long> Confusion { get; init; }

    /// <summary>The bins behind <see cref="CalibrationError"/>.</summary>
    [Id(5)] public required ImmutableArray<CalibrationBin> Calibration { get; init; }

    /// <summary>Rows whose label no training row has; they are in none of the figures.</summary>
    [Id(6)] public long UnknownRows { get; init; }
}
