namespace ExplicitCluster.Abstractions.Jobs;

/// <summary>How far a job's sweeps have brought the loss: what a curve of it is drawn from.</summary>
/// <param name="Sweeps">Sweeps done so far, with a part of one.</param>
/// <param name="CrossEntropy">Nats a training row, each row's own share left out, mean over runs.</param>
[GenerateSerializer, Immutable, Alias("explicit.SweepLoss")]
public sealed record SweepLoss(
    [property: Id(0)] double Sweeps,
    [property: Id(1)] double CrossEntropy);
