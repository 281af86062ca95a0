using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Specifications;

namespace ExplicitCluster.Client.Study;

/// <summary>Everything that a study measured; verdicts and reports are functions of this alone.</summary>
internal sealed record StudyFigures
{
    public required string Name { get; init; }

    public required ImmutableArray<FeatureMapSpecification> Features { get; init; }

    public required long Rows { get; init; }

    public required long TestRows { get; init; }

    public required int Inputs { get; init; }

    public required int Workers { get; init; }

    /// <summary>Settings of all runs; start and rate are those of the first.</summary>
    public required AveragingSpecification Settings { get; init; }

    /// <summary>Explicit first.</summary>
    public required ImmutableArray<AveragingStart> Starts { get; init; }

    public required ImmutableArray<double> LearningRates { get; init; }

    /// <summary>The explicit solution alone, codes not yet compacted.</summary>
    public required StudySolution Solution { get; init; }

    public required ImmutableArray<StudyRun> Runs { get; init; }

    /// <summary>Scaling sweeps on the same rows; null where the features are dense.</summary>
    public StudySolution? Sweeps { get; init; }

    /// <summary>Passes that were timed, one between the runs of every two starts and one at the end; without those whose statistics were found.</summary>
    public ImmutableArray<StudyPass> Passes { get; init; } = [];

    /// <summary>The median pass; null where none could be timed.</summary>
    public StudyPass? Pass => Passes.IsEmpty ? null : Passes.OrderBy(pass => pass.Seconds).ElementAt(Passes.Length / 2);

    public int Rounds => Settings.Rounds;

    public IEnumerable<StudyPart> Parts => TestRows > 0 ? [StudyPart.Train, StudyPart.Test] : [StudyPart.Train];

    /// <summary>Median wall seconds of one pass of SGD over all rows, steps and mean alone; NaN where no round ended.</summary>
    public double EpochSeconds
    {
        get
        {
            double[] seconds = [.. Runs.SelectMany(run => run.Rounds).Select(round => round.StepSeconds).OfType<double>().Order()];
            return seconds.Length == 0 ? double.NaN : seconds[seconds.Length / 2] / Settings.LocalEpochs;
        }
    }

    public IEnumerable<StudyRun> RunsFrom(AveragingStart start) => Runs.Where(run => run.Start == start);

    /// <summary>The run of a start whose loss after a round is least; null where there is none.</summary>
    public StudyRun? BestAt(AveragingStart start, StudyPart part, int round) => RunsFrom(start).MinBy(run => run.LossAt(part, round));

    /// <summary>Least loss of a start after a round, over its rates; NaN where it was not run.</summary>
    public double LossAt(AveragingStart start, StudyPart part, int round) => BestAt(start, part, round)?.LossAt(part, round) ?? double.NaN;

    /// <summary>Least loss that a start comes to, over its rates and all rounds, the start itself included; NaN where it was not run.</summary>
    public double LeastOf(AveragingStart start, StudyPart part) =>
        RunsFrom(start).Any() ? Enumerable.Range(0, Rounds + 1).Min(round => LossAt(start, part, round)) : double.NaN;
}
