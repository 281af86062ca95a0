using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Testing;

namespace ExplicitCluster.Cluster.Tests;

/// <summary>
/// The same in the stages of other jobs: classifiers of texts, language models and layers. Two jobs run side by side, each with a kill of its own: 12 kills, or
/// as many as <c>EXPLICIT_CHAOS_KILLS</c> says where it is set.
/// </summary>
public sealed partial class ChaosTests
{
    private const int SideBySide = 2;
    private const int MostAttempts = 4;

    private const int DefaultKindKills = 12;

    /// <summary>
    /// A kill as pieces of a stage are given out, for the first time or, where a stage gives out several sorts of pieces, a later one. First come the stages that no
    /// other job has, then those that are much the same for all.
    /// </summary>
    private static readonly (JobKind Kind, JobStage Stage, int Time, Victim Victim)[] KindPlan =
    [
        (JobKind.Texts, JobStage.Vocabulary, 1, Victim.Worker),
        (JobKind.Language, JobStage.Accumulate, 1, Victim.Coordinator), // vocabulary
        (JobKind.Layers, JobStage.Layers, 1, Victim.Worker), // layer 1 counted
        (JobKind.Texts, JobStage.Accumulate, 1, Victim.Coordinator),
        (JobKind.Language, JobStage.Accumulate, 2, Victim.Worker), // cells
        (JobKind.Layers, JobStage.Layers, 2, Victim.Coordinator), // layer 1 merged
        (JobKind.Texts, JobStage.Reduce, 1, Victim.Worker),
        (JobKind.Language, JobStage.Reduce, 1, Victim.Worker),
        (JobKind.Layers, JobStage.Layers, 4, Victim.Worker), // layer 2 counted, after a choice in layer 1
        (JobKind.Texts, JobStage.Refine, 1, Victim.Worker), // temperatures of the first layer
        (JobKind.Language, JobStage.Choose, 1, Victim.Coordinator), // tables to fit weights on
        (JobKind.Layers, JobStage.Layers, 6, Victim.Coordinator), // layer 3, of probabilities, counted
        (JobKind.Texts, JobStage.Refine, 6, Victim.Coordinator), // within Newton's steps
        (JobKind.Language, JobStage.Solve, 1, Victim.Worker),
        (JobKind.Layers, JobStage.Accumulate, 1, Victim.Worker),
        (JobKind.Texts, JobStage.Evaluate, 1, Victim.Worker),
        (JobKind.Language, JobStage.Plan, 1, Victim.Worker), // tokens of all documents, to cut them into blocks
        (JobKind.Layers, JobStage.Evaluate, 1, Victim.Worker),
        (JobKind.Language, JobStage.Evaluate, 1, Victim.Worker),
    ];

    private static readonly SemaphoreSlim OneKill = new(1);

    [Fact]
    public async Task Texts_language_models_and_layers_keep_their_bits_whatever_silo_is_killed()
    {
        await chaos.Cluster.RestoreAsync(Silos);
        using var folder = new TemporaryFolder();
        var jobs = new KindJobs(folder.Path);
        var kinds = Enum.GetValues<JobKind>();
        var expected = await Solution.OfOneSiloAsync([.. kinds.Select(kind => jobs.Of(kind, 0))]);
        var kills = new ConcurrentBag<KindKill>();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, Asked ?? DefaultKindKills),
            new ParallelOptions { MaxDegreeOfParallelism = SideBySide, CancellationToken = TestContext.Current.CancellationToken },
            async (number, _) =>
            {
                var kill = KindPlan[number % KindPlan.Length];
                for (var attempt = 1; ; attempt++)
                {
                    var (record, killed) = await DisturbAsync($"kind-{number}-{attempt}", jobs.Of(kill.Kind, number + (attempt * KindPlan.Length)), kill.Stage, kill.Time, kill.Victim);
                    Assert.True(record.Status == JobStatus.Done, $"{kill}: {record.Failure?.Cause}\n{record.Failure?.Detail}\n{chaos.Cluster.Logs}");
                    AssertIsTheSame(expected[(int)kill.Kind], record.Result!);
                    if (killed is { } seconds)
                    {
                        kills.Add(new KindKill(kill.Kind, kill.Stage, kill.Time, kill.Victim, seconds, record.Attempts, record.Retries.Length));
                        break;
                    }
                    Assert.True(attempt < MostAttempts, $"{attempt} jobs ended before the kill that was planned for them: {kill}");
                }
            });
        await chaos.Cluster.SeesAsync(Silos);
        ReportKinds(kills);
        Assert.All(kills.Where(kill => kill.Victim == Victim.Coordinator), kill => Assert.True(kill.Attempts > 1, $"{kill}"));
        Assert.All(kinds, kind => Assert.Contains(kills, kill => kill.Kind == kind && kill.Victim == Victim.Worker && kill.Retries > 0));
    }

    /// <summary>Runs a job to its end. Gives what came of it, and how long it went on after the kill; null if it never came to that.</summary>
    private async Task<(JobRecord, double? Seconds)> DisturbAsync(string id, JobSpecification specification, JobStage stage, int time, Victim victim)
    {
        await chaos.Cluster.StartAsync(id, specification);
        if (!await ReachAsync(id, stage, time))
            return (await chaos.Cluster.EndOfAsync(id), null);
        var clock = Stopwatch.StartNew();
        var replacement = await ReplaceAsync(id, victim);
        var record = await chaos.Cluster.EndOfAsync(id);
        var seconds = clock.Elapsed.TotalSeconds;
        await replacement.ReadyAsync();
        return (record, seconds);
    }

    /// <summary>Waits until the stage gives out pieces for the given time; false if the job ends before. Where the job's own silo dies, of another's kill, it is counted anew.</summary>
    private async Task<bool> ReachAsync(string id, JobStage stage, int time)
    {
        for (var start = Stopwatch.StartNew(); start.Elapsed < RealCluster.Deadline;)
        {
            if (await chaos.Cluster.SiloOfAsync(chaos.Cluster.Job(id).GetGrainId()) is { } silo)
            {
                // A call to a silo that dies is not ended by that, and nobody waits for this one then.
                var seeing = SeesAsync(id, stage, time);
                if (await Task.WhenAny(seeing, silo.EndAsync(RealCluster.Deadline)) == seeing && await seeing is { } isReached)
                    return isReached;
            }
            await chaos.Cluster.PollAsync(id);
        }
        throw new TimeoutException($"job {id} did not come to {stage} within {RealCluster.Deadline}.\n{chaos.Cluster.Logs}");
    }

    /// <summary>Whether the stage gives out pieces so many times before the job ends; null if its silo goes away.</summary>
    private async Task<bool?> SeesAsync(string id, JobStage stage, int time)
    {
        var (times, isFirst) = (0, true);
        try
        {
            await foreach (var step in chaos.Cluster.Job(id).WatchAsync())
            {
                if (step.Record is { Status: not JobStatus.Running })
                    return false;
                // The memory plan comes with an event of its own, and with the first.
                var isBegin = step.Stage == stage && step is { ShardsDone: 0, Shards: > 0 } && (isFirst || step.Plan is null);
                isFirst = false;
                if (isBegin && ++times == time)
                    return true;
            }
        }
        catch (Exception exception) when (exception is OrleansException or EnumerationAbortedException or TimeoutException)
        {
            // Told below.
        }
        return null;
    }

    /// <summary>Kills the silo of the job, or another, where its pieces are; a new process takes its place.</summary>
    private async Task<SiloProcess> ReplaceAsync(string id, Victim victim)
    {
        await OneKill.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            var coordinator = await chaos.Cluster.SiloOfAsync(chaos.Cluster.Job(id).GetGrainId());
            (victim == Victim.Coordinator && coordinator is not null ? coordinator : chaos.Cluster.Alive.First(silo => silo != coordinator)).Kill();
            return chaos.Cluster.Launch();
        }
        finally
        {
            OneKill.Release();
        }
    }

    private static void AssertIsTheSame(JobResult expected, JobResult result)
    {
        Assert.Equal((expected.Model, expected.WeightsSha256, expected.StatisticsSha256), (result.Model, result.WeightsSha256, result.StatisticsSha256));
        Assert.Equal(expected.Layers.Select(layer => layer.StatisticsSha256), result.Layers.Select(layer => layer.StatisticsSha256));
        Assert.Equal(expected.Test?.CrossEntropy, result.Test?.CrossEntropy);
        Assert.Equal(expected.Language?.Test, result.Language?.Test);
        Assert.True(result.Test is not null || result.Language?.Test is not null);
    }

    private void ReportKinds(IEnumerable<KindKill> kills)
    {
        var text = new StringBuilder();
        foreach (var kill in kills.OrderBy(kill => (kill.Kind, kill.Stage, kill.Time)))
        {
            text.AppendLine(CultureInfo.InvariantCulture,
                $"{kill.Kind,-8} {kill.Stage,-10} {kill.Time} {kill.Victim,-11} went on for {kill.Seconds,5:F1} s, attempts {kill.Attempts}, retries {kill.Retries}");
        }
        output.WriteLine(text.ToString());
        if (Asked is not null)
            Console.WriteLine(text);
    }

    private sealed record KindKill(JobKind Kind, JobStage Stage, int Time, Victim Victim, double Seconds, int Attempts, int Retries);
}
