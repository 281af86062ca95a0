namespace ExplicitCluster.Abstractions.Jobs;

/// <summary>Rows whose confidence (probability of the predicted class) fell into one bin.</summary>
[GenerateSerializer, Immutable, Alias("explicit.CalibrationBin")]
public sealed record CalibrationBin(
    [property: Id(0)] long Rows,
    [property: Id(1)] double MeanConfidence,
    [property: Id(2)] double Accuracy);
