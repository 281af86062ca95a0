using System.Collections.Immutable;

namespace ExplicitCluster.Abstractions.Jobs;

/// <summary>A complete state of a job's refinement: the artifacts that hold it, and the place in the work. All workers go on from the newest one.</summary>
[GenerateSerializer, Immutable, Alias("explicit.RefinementCheckpoint")]
public sealed record RefinementCheckpoint
{
    /// <summary>Folder of its artifacts, in the job's own.</summary>
    [Id(0)] public required string Name { get; init; }

    /// <summary>The merged statistics that the work is on; with others it does not count.</summary>
    [Id(1)] public required string Statistics { get; init; }

    /// <summary>The layer that is refined, from 1; 0 is the top.</summary>
    [Id(40)] public int Layer { get; init; }

    /// <summary>Sweep in work, from 1.</summary>
    [Id(2)] public required int Sweep { get; init; }

    /// <summary>The next chunk of the sweep, from 0.</summary>
    [Id(3)] public required int Chunk { get; init; }

    /// <summary>Fitted steps times blocks so far in this sweep, a number a run.</summary>
    [Id(4)] public required ImmutableArray<double> StepSums { get; init; }

    /// <summary>Whether each run goes on.</summary>
    [Id(5)] public required ImmutableArray<bool> Active { get; init; }

    /// <summary>SHA-256 of each worker's file; empty once nothing is left to do.</summary>
    [Id(6)] public required ImmutableArray<string> WorkerFiles { get; init; }

    /// <summary>SHA-256 of each run's weights.</summary>
    [Id(7)] public required ImmutableArray<string> RunFiles { get; init; }

    /// <summary>Rounds or sweeps that ended.</summary>
    [Id(8)] public ImmutableArray<RefinementRound> Rounds { get; init; } = [];

    /// <summary>Wall seconds of the sweep in work so far.</summary>
    [Id(9)] public double Seconds { get; init; }

    /// <summary>Whether nothing is left to do.</summary>
    [Id(10)] public bool IsLast { get; init; }

    /// <summary>Of averaging: the best parameters so far, the start's at first.</summary>
    [Id(11)] public BestRound? Best { get; init; }

    /// <summary>Why refinement ended before its last round; null where it did not.</summary>
    [Id(12)] public string? Ended { get; init; }

    /// <summary>Whether the best round is to be published and not the last: held-out rows say which, or the run ended early or worse than it started.</summary>
    public bool PublishesBest => Best is not null && (HeldOutRows > 0 || Ended is not null || Rounds.IsEmpty || Rounds[^1].TrainCrossEntropy > StartCrossEntropy);

    /// <summary>How far the work had come, whoever did it.</summary>
    public string Place => $"{Sweep}.{Chunk}";

    /// <summary>Of averaging: nats a row at the start, of the rows that decide.</summary>
    [Id(13)] public double StartCrossEntropy { get; init; }

    /// <summary>Of averaging: rows that are held out and decide; 0 where the training rows do.</summary>
    [Id(14)] public long HeldOutRows { get; init; }

    /// <summary>Of sweeps: the loss as chunks brought it down; of very many chunks some.</summary>
    [Id(30)] public ImmutableArray<SweepLoss> Losses { get; init; } = [];

    /// <summary>Of averaging: where it began.</summary>
    [Id(20)] public RefinementStart? Start { get; init; }
}
