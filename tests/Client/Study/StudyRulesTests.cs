using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Client.Study;

namespace ExplicitCluster.Client.Tests.Study;

/// <summary>Every verdict follows from the figures: the same study with other figures has another one.</summary>
public sealed class StudyRulesTests
{
    [Theory]
    [InlineData(0.50, 0.50, StudyOutcome.Holds, "ahead after rounds 1 to 2")]
    [InlineData(0.50, 0.60, StudyOutcome.Partly, "ahead after round 1; level after round 2")]
    [InlineData(0.70, 0.50, StudyOutcome.Partly, "ahead after round 2; behind after round 1")]
    [InlineData(0.597, 0.60, StudyOutcome.DoesNotHold, "level after rounds 1 to 2")]
    [InlineData(0.70, 0.70, StudyOutcome.DoesNotHold, "behind after rounds 1 to 2")]
    internal void The_explicit_start_is_ahead_where_its_loss_is_below_the_least_of_the_others(double first, double second, StudyOutcome expected, string reason)
    {
        var figures = Figures(Run(AveragingStart.Explicit, 0.8, first, second), Run(AveragingStart.Random, 2.3, 0.6, 0.6), Run(AveragingStart.Zero, 2.3, 0.65, 0.65));
        foreach (var part in figures.Parts)
            Assert.StartsWith(reason, Verdict(figures, "is ahead", part, expected).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_start_counts_at_the_rate_that_suits_it_best()
    {
        var slow = Run(AveragingStart.Explicit, 0.8, 0.79, 0.78);
        var figures = Figures(slow, Run(AveragingStart.Random, 2.3, 0.6, 0.6));
        Verdict(figures, "is ahead", StudyPart.Train, StudyOutcome.DoesNotHold);
        Verdict(figures with { Runs = figures.Runs.Add(Run(AveragingStart.Explicit, 0.8, 0.5, 0.5)) }, "is ahead", StudyPart.Train, StudyOutcome.Holds);
    }

    [Fact]
    public void A_run_that_diverged_is_behind_from_there_on()
    {
        var figures = Figures(Run(AveragingStart.Explicit, 0.8, 0.5), Run(AveragingStart.Random, 2.3, 0.6, 0.6)) with { Settings = new AveragingSpecification { Rounds = 2 } };
        Assert.Contains("behind after round 2", Verdict(figures, "is ahead", StudyPart.Train, StudyOutcome.Partly).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.79, StudyOutcome.Holds, StudyOutcome.Holds)]
    [InlineData(0.795, StudyOutcome.DoesNotHold, StudyOutcome.Holds)]
    [InlineData(0.90, StudyOutcome.DoesNotHold, StudyOutcome.Holds)]
    [InlineData(0.70, StudyOutcome.Holds, StudyOutcome.Partly)]
    [InlineData(0.60, StudyOutcome.Holds, StudyOutcome.DoesNotHold)]
    internal void What_steps_from_the_explicit_start_bring_is_told_by_how_far_its_loss_falls(double end, StudyOutcome lowered, StudyOutcome little)
    {
        var figures = Figures(Run(AveragingStart.Explicit, 0.8, end), Run(AveragingStart.Zero, 2.3, 0.6));
        Verdict(figures, "still lower", StudyPart.Test, lowered);
        Verdict(figures, "only a little", StudyPart.Test, little);
    }

    [Theory]
    [InlineData(0.50, 0.7, StudyOutcome.Holds, "better: explicit 0.5000, random 0.6000")]
    [InlineData(0.50, 0.595, StudyOutcome.Holds, "better")]
    [InlineData(0.50, 0.59, StudyOutcome.Partly, "better: explicit 0.5000, random 0.5900; random still falls")]
    [InlineData(0.60, 0.7, StudyOutcome.DoesNotHold, "level")]
    [InlineData(0.70, 0.59, StudyOutcome.DoesNotHold, "worse")]
    internal void A_better_optimum_is_the_least_loss_of_all_rounds_once_the_others_have_come_to_theirs(double least, double last, StudyOutcome expected, string word)
    {
        var figures = Figures(Run(AveragingStart.Explicit, 0.8, least, 0.9), Run(AveragingStart.Random, 2.3, 0.6, last));
        Assert.StartsWith(word, Verdict(figures, "better optimum", StudyPart.Train, expected).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_better_optimum_is_in_doubt_where_the_others_might_want_a_greater_rate()
    {
        var figures = Figures(Run(AveragingStart.Explicit, 0.8, 0.5, 0.5), Run(AveragingStart.Zero, 2.3, 0.6, 0.6));
        Verdict(figures with { LearningRates = [0.01, 0.02, 0.03] }, "better optimum", StudyPart.Train, StudyOutcome.Holds);
        Assert.EndsWith("; zero is best at the greatest rate", Verdict(figures with { LearningRates = [0.01, 0.02] }, "better optimum", StudyPart.Train, StudyOutcome.Partly).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.95, 4, StudyOutcome.Holds)]
    [InlineData(0.95, 6, StudyOutcome.Partly)]
    [InlineData(0.6, 12, StudyOutcome.Partly)]
    [InlineData(0.05, 4, StudyOutcome.DoesNotHold)]
    internal void Random_weights_come_to_the_explicit_solution_by_angle_and_by_distance(double cosine, double distance, StudyOutcome expected)
    {
        var random = Run(AveragingStart.Random, 2.3, 0.6);
        random = random with
        {
            Beginning = random.Beginning with { ToExplicit = new ExplicitDistance(10, 0.01) },
            Rounds = [random.Rounds[0] with { ToExplicit = new ExplicitDistance(distance, cosine) }],
        };
        Verdict(Figures(Run(AveragingStart.Explicit, 0.8, 0.5), random), "random weights", null, expected);
    }

    [Theory]
    [InlineData(0.01, StudyOutcome.Holds)]
    [InlineData(0.1, StudyOutcome.Partly)]
    [InlineData(0.3, StudyOutcome.DoesNotHold)]
    internal void Near_an_optimum_is_a_gradient_far_below_the_others(double norm, StudyOutcome expected)
    {
        var own = Run(AveragingStart.Explicit, 0.8, 0.5);
        var figures = Figures(own with { Beginning = own.Beginning with { GradientNorm = norm } }, Run(AveragingStart.Random, 2.3, 0.6), Run(AveragingStart.Zero, 2.3, 0.6));
        Verdict(figures, "near an optimum", null, expected);
    }

    [Theory]
    [InlineData(0.9, StudyOutcome.Holds, StudyOutcome.Holds)]
    [InlineData(1.5, StudyOutcome.DoesNotHold, StudyOutcome.Holds)]
    [InlineData(2.5, StudyOutcome.DoesNotHold, StudyOutcome.DoesNotHold)]
    internal void A_pass_is_weighed_against_an_epoch_and_against_the_epochs_that_it_saves(double seconds, StudyOutcome epoch, StudyOutcome saved)
    {
        // An epoch takes a second, and zero weights come below the explicit solution's loss in the second round.
        var figures = Figures(Run(AveragingStart.Explicit, 0.8, 0.5, 0.5), Run(AveragingStart.Zero, 2.3, 0.9, 0.6)) with { Passes = [new StudyPass("job", 99, 0, 0), new StudyPass("job", seconds, 0, 0), new StudyPass("job", 0, 0, 0)] };
        Verdict(figures, "less than an epoch", null, epoch);
        Verdict(figures, "epochs that it saves", null, saved);
    }

    [Fact]
    public void What_no_other_start_reaches_is_worth_any_pass()
    {
        var figures = Figures(Run(AveragingStart.Explicit, 0.1, 0.1), Run(AveragingStart.Zero, 2.3, 0.9)) with { Passes = [new StudyPass("job", 1000, 0, 0)] };
        Assert.StartsWith("no other start comes to 0.1000", Verdict(figures, "epochs that it saves", null, StudyOutcome.Holds).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_not_run_is_not_judged()
    {
        var figures = Figures(Run(AveragingStart.Explicit, 0.8, 0.5));
        foreach (var claim in (string[])["is ahead", "better optimum"])
            Verdict(figures, claim, StudyPart.Train, StudyOutcome.NotMeasured);
        foreach (var claim in (string[])["random weights", "near an optimum", "less than an epoch", "epochs that it saves"])
            Verdict(figures, claim, null, StudyOutcome.NotMeasured);
        Assert.DoesNotContain(StudyRules.Judge(figures with { TestRows = 0 }), verdict => verdict.Part == StudyPart.Test);
    }

    private static StudyVerdict Verdict(StudyFigures figures, string claim, StudyPart? part, StudyOutcome expected)
    {
        var verdict = Assert.Single(StudyRules.Judge(figures), verdict => verdict.Part == part && verdict.Claim.Contains(claim, StringComparison.Ordinal));
        Assert.True(verdict.Outcome == expected, $"{verdict}, expected {expected}");
        return verdict;
    }

    private static StudyFigures Figures(params ImmutableArray<StudyRun> runs) => new()
    {
        Name = "sample",
        Features = [],
        Rows = 100,
        TestRows = 10,
        Inputs = 7,
        Workers = 4,
        Settings = new AveragingSpecification { Rounds = runs.Max(run => run.Rounds.Length) },
        Starts = [.. runs.Select(run => run.Start).Distinct()],
        LearningRates = [0.02],
        Solution = new StudySolution { Job = "job", Model = "m/1", WeightsSha256 = "", K = 4, Alpha = 0.01 },
        Runs = runs,
    };

    /// <summary>The same losses of training and test rows, a second an epoch, and a gradient of 0.2.</summary>
    private static StudyRun Run(AveragingStart start, double beginning, params double[] losses) => new()
    {
        Start = start,
        LearningRate = 0.02,
        Job = "job",
        Model = "m/1",
        WeightsSha256 = "",
        Beginning = new RefinementStart { Start = start, TrainCrossEntropy = beginning, TestCrossEntropy = beginning, GradientNorm = 0.2 },
        Rounds = [.. losses.Select((loss, i) => new RefinementRound(i + 1, loss, loss, 0.8, 2, null) { StepSeconds = 1 })],
    };
}
