using System.Globalization;
using System.Text;
using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Reduction;
using ExplicitCluster.Abstractions.Shards;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Testing;

namespace ExplicitCluster.Cluster.Tests;

/// <summary>
/// Silos are killed (SIGKILL) in every stage: the coordinator's, a reducer's, a shard's. A kill is triggered by the stage's first event, and a new
/// process takes the dead one's place at once. 10 kills; as many as <c>EXPLICIT_CHAOS_KILLS</c> says where it is set.
/// </summary>
[Collection("clusters")] // one at a time: they are timed
public sealed partial class ChaosTests(ChaosCluster chaos, ITestOutputHelper output) : IClassFixture<ChaosCluster>
{
    private const int DefaultKills = 10;
    private const int Silos = ChaosCluster.Silos;
    private const int CalmRuns = 3;
    private const double MostMedianBeyondDetection = 3;
    private const double MostBeyondDetection = 15;

    private static readonly (JobStage Stage, Victim Victim)[] Plan =
    [
        (JobStage.Plan, Victim.Coordinator),
        (JobStage.Accumulate, Victim.Coordinator),
        (JobStage.Accumulate, Victim.Worker),
        (JobStage.Reduce, Victim.Worker),
        (JobStage.Choose, Victim.Coordinator),
        (JobStage.Choose, Victim.Worker),
        (JobStage.Solve, Victim.Worker),
        (JobStage.Publish, Victim.Coordinator),
        (JobStage.Evaluate, Victim.Worker),
        (JobStage.Evaluate, Victim.Coordinator),
    ];

    private static int? Asked => int.TryParse(Environment.GetEnvironmentVariable("EXPLICIT_CHAOS_KILLS"), CultureInfo.InvariantCulture, out var kills) ? kills : null;

    /// <summary>Whose silo is killed: the job grain's, or that of a shard or reducer grain of the stage.</summary>
    private enum Victim
    {
        Coordinator,
        Worker,
    }

    [Fact]
    public async Task Whatever_silo_is_killed_in_whatever_stage_every_job_ends_with_the_same_bits()
    {
        var kills = Asked ?? DefaultKills;
        using var folder = new TemporaryFolder();
        var cluster = chaos.Cluster;
        await cluster.RestoreAsync(Silos);
        var random = new Random(20231113);
        // A copy of the files is new to the cluster: its plan takes as long as reading them.
        JobSpecification OfStage(JobStage stage, string copy, int shardRows) => stage == JobStage.Plan ? Solution.Large.OfCopies(folder[copy], shardRows) : Solution.Large.CutInto(shardRows);
        var first = await CalmAsync(cluster, "warm-up", OfStage(JobStage.Plan, "warm-up", 5000)); // compiles the code
        var baseline = new Dictionary<bool, double> { [false] = first, [true] = first };
        foreach (var copies in Asked is null ? [] : (bool[])[false, true]) // what times are measured against matters where they are asserted
        {
            var undisturbed = new List<double>();
            for (var i = 1; i <= CalmRuns; i++)
                undisturbed.Add(await CalmAsync(cluster, $"calm-{copies}-{i}", OfStage(copies ? JobStage.Plan : JobStage.Solve, $"calm-{i}", 5000 + i)));
            baseline[copies] = undisturbed.Order().ElementAt(CalmRuns / 2);
        }
        var outcomes = new List<Outcome>();
        for (var i = 0; i < kills; i++)
        {
            var (stage, victim) = Plan[i % Plan.Length];
            outcomes.Add(await KillOnceAsync(
                cluster, $"chaos-{i}", OfStage(stage, $"copy-{i}", 4000 + i), stage, victim, random, baseline[stage == JobStage.Plan]));
        }
        Report(outcomes, baseline[false], baseline[true]);
        Assert.Equal(Plan.Take(kills).Select(entry => entry.Stage).Distinct().Order(), outcomes.Select(outcome => outcome.Stage).Distinct().Order());
        // Times are asserted by the long run alone: an automatic one must not fail because its machine is busy.
        if (kills <= DefaultKills)
            return;
        var beyond = outcomes.Select(outcome => outcome.Beyond).Order().ToList();
        Assert.InRange(beyond[beyond.Count / 2], double.MinValue, MostMedianBeyondDetection);
        Assert.InRange(beyond[^1], double.MinValue, MostBeyondDetection);
    }

    /// <summary>Seconds of a job that nothing happens to.</summary>
    private static async Task<double> CalmAsync(RealCluster cluster, string id, JobSpecification specification)
    {
        var start = DateTime.UtcNow;
        await Solution.Large.AssertIsTheSameAsync(await cluster.SolveAsync(id, specification));
        return (DateTime.UtcNow - start).TotalSeconds;
    }

    private static async Task<Outcome> KillOnceAsync(
        RealCluster cluster, string id, JobSpecification specification, JobStage stage, Victim victim, Random random, double baseline)
    {
        var start = DateTime.UtcNow;
        await cluster.StartAsync(id, specification);
        stage = await ReachAsync(cluster, id, stage);
        var killed = await FindAsync(cluster, id, stage, victim, random);
        killed.Kill();
        var detecting = cluster.DetectionAsync(killed);
        var replacement = cluster.Launch();
        var record = await cluster.EndOfAsync(id);
        var seconds = (DateTime.UtcNow - start).TotalSeconds;
        Assert.True(record.Status == JobStatus.Done, $"{id}, killed in {stage}: {record.Failure?.Cause}\n{record.Failure?.Detail}\n{cluster.Logs}");
        await Solution.Large.AssertIsTheSameAsync(record.Result!);
        var detection = await detecting;
        await replacement.ReadyAsync();
        await cluster.SeesAsync(Silos);
        return new Outcome(stage, victim, detection, seconds - baseline, record.Attempts, record.Retries.Length);
    }

    /// <summary>Waits for the stage's first event, or that of one after it where the stage is over already, and tells which it is.</summary>
    private static async Task<JobStage> ReachAsync(RealCluster cluster, string id, JobStage stage)
    {
        await foreach (var step in cluster.Job(id).WatchAsync().WithDeadline(RealCluster.Deadline, $"stage {stage} of job {id}"))
        {
            if (step.Stage >= stage)
                return step.Stage;
        }
        throw new InvalidOperationException($"the events of job {id} ended before stage {stage}");
    }

    private static async Task<SiloProcess> FindAsync(RealCluster cluster, string id, JobStage stage, Victim victim, Random random)
    {
        var coordinator = cluster.Job(id).GetGrainId();
        if (victim == Victim.Coordinator)
            return await cluster.SiloOfAsync(coordinator) ?? throw new InvalidOperationException($"job {id} has no coordinator");
        for (var attempt = 0; attempt < 20; attempt++)
        {
            var grain = stage is JobStage.Reduce or JobStage.Solve
                ? cluster.Grains.GetGrain<IReducerGrain>($"{id}/{random.Next(7)}").GetGrainId()
                : cluster.Grains.GetGrain<IShardGrain>($"{id}/train/{random.Next(10)}").GetGrainId();
            if (await cluster.SiloOfAsync(grain) is { } silo)
                return silo;
        }
        return cluster.Silos.Last(silo => !silo.HasExited);
    }

    /// <summary>Added is the time from start to end of a job less that of undisturbed ones; beyond detection is what is left of it without the time that the death went unnoticed.</summary>
    private void Report(List<Outcome> outcomes, double baseline, double baselineOfCopies)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"undisturbed {baseline:F1} s, with sources new to the cluster {baselineOfCopies:F1} s (the first run, or medians of {CalmRuns} where kills are asked for); {outcomes.Count} kills:");
        foreach (var outcome in outcomes)
        {
            text.AppendLine(CultureInfo.InvariantCulture,
                $"{outcome.Stage,-10} {outcome.Victim,-11} detected after {outcome.Detection,5:F1} s, added {outcome.Added,5:F1} s, attempts {outcome.Attempts}, retries {outcome.Retries}");
        }
        foreach (var stage in outcomes.GroupBy(outcome => (outcome.Stage, outcome.Victim)).OrderBy(group => group.Key))
            Line($"{stage.Key.Stage}, {stage.Key.Victim}, {stage.Count()} kills: beyond detection", stage.Select(outcome => outcome.Beyond));
        Line("detection", outcomes.Select(outcome => outcome.Detection));
        Line("added time", outcomes.Select(outcome => outcome.Added));
        Line("added beyond detection", outcomes.Select(outcome => outcome.Beyond));
        output.WriteLine(text.ToString());
        if (Environment.GetEnvironmentVariable("EXPLICIT_CHAOS_KILLS") is not null)
            Console.WriteLine(text);

        void Line(string what, IEnumerable<double> seconds)
        {
            var sorted = seconds.Order().ToList();
            text.AppendLine(CultureInfo.InvariantCulture,
                $"{what}: least {sorted[0]:F1}, median {sorted[sorted.Count / 2]:F1}, 9 of 10 within {sorted[sorted.Count * 9 / 10]:F1}, most {sorted[^1]:F1} s");
        }
    }

    private sealed record Outcome(JobStage Stage, Victim Victim, double Detection, double Added, int Attempts, int Retries)
    {
        public double Beyond => Added - Detection;
    }
}
