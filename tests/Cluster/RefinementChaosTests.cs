using System.Diagnostics;
using System.Globalization;
using System.Text;
using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Refinement;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Testing;

namespace ExplicitCluster.Cluster.Tests;

/// <summary>
/// Silos are killed (SIGKILL) while they refine: a worker's, a reducer's, the coordinator's; in a sweep or a round, between two,
/// while parameters are averaged, and after cancel and resume. A new process takes the dead one's place at once. 8 kills on the first 6,000 rows; on all rows, and
/// as many kills as <c>EXPLICIT_CHAOS_KILLS</c> says, where that is set.
/// </summary>
[Collection("clusters")]
public sealed class RefinementChaosTests(ITestOutputHelper output)
{
    private const int Silos = 3;

    /// <summary>How long others may take to come to wait for a silo that stands still; well below the time after which it counts as dead.</summary>
    private static readonly TimeSpan Standstill = TimeSpan.FromSeconds(1);

    private static readonly (RefineMethod Method, (Moment Moment, Victim Victim)[] Kills)[] Plan =
    [
        (RefineMethod.Sweeps, [(Moment.Within, Victim.Worker), (Moment.Between, Victim.Coordinator), (Moment.Within, Victim.Reducer), (Moment.Resumed, Victim.Worker)]),
        (RefineMethod.Averaging, [(Moment.Within, Victim.Worker), (Moment.Between, Victim.Coordinator), (Moment.Averaging, Victim.Reducer), (Moment.Resumed, Victim.Coordinator)]),
    ];

    private static int? Asked => int.TryParse(Environment.GetEnvironmentVariable("EXPLICIT_CHAOS_KILLS"), CultureInfo.InvariantCulture, out var kills) ? kills : null;

    /// <summary>When a silo is killed.</summary>
    private enum Moment
    {
        /// <summary>In a sweep, or in a round.</summary>
        Within,

        /// <summary>While the checkpoint at the end of one is written.</summary>
        Between,

        /// <summary>While a reducer has the parameters of some workers and waits for another's.</summary>
        Averaging,

        /// <summary>After the job was cancelled and resumed.</summary>
        Resumed,
    }

    private enum Victim
    {
        Worker,
        Reducer,
        Coordinator,
    }

    [Fact]
    public async Task Whatever_silo_is_killed_whenever_in_a_refinement_the_weights_are_the_same()
    {
        using var folder = new TemporaryFolder();
        var jobs = Plan.ToDictionary(plan => plan.Method, plan => Asked is null ? RefinementJobs.Small(plan.Method, folder["rows"]) : RefinementJobs.Full(plan.Method));
        await using var redis = await RedisServer.StartAsync();
        var starting = RealCluster.StartAsync(redis.Address("refinement"), folder["store"], null, Silos - 1, Asked is null ? "00:00:01" : null);
        var expected = jobs.Keys.Zip(await Solution.OfOneSiloAsync([.. jobs.Values]), (method, result) => (method, result.WeightsSha256)).ToDictionary();
        await using var cluster = await starting;
        var calm = "";
        foreach (var silos in (int[])[Silos - 1, Silos])
        {
            if (silos == Silos)
                await cluster.Launch().ReadyAsync();
            await cluster.SeesAsync(silos);
            if (silos == Silos && Asked is null)
                break; // jobs that are disturbed end on three
            foreach (var (method, job) in jobs)
            {
                var result = await cluster.SolveAsync($"calm-{method}-{silos}", job);
                Assert.Equal((silos, expected[method]), (result.Silos, result.WeightsSha256));
                calm += string.Create(CultureInfo.InvariantCulture, $"{method} on {silos} silos: {result.Seconds.Refine:F1} s of refinement\n");
            }
        }
        var kills = new List<Kill>();
        var all = Plan.SelectMany(plan => plan.Kills.Select(kill => (plan.Method, kill.Moment, kill.Victim))).ToList();
        var planned = new Queue<(RefineMethod Method, Moment, Victim)>(Enumerable.Range(0, Asked ?? all.Count).Select(kill => all[kill % all.Count]));
        var most = 2 * planned.Count;
        for (var job = 0; planned.TryPeek(out var next); job++)
        {
            Assert.True(job < most, $"{job} jobs ended before the kills that were planned for them");
            var chaos = await DisturbAsync(cluster, $"chaos-{job}", jobs[next.Method], planned, kills);
            Assert.True(chaos.Status == JobStatus.Done, $"{next}: {chaos.Failure?.Cause}\n{chaos.Failure?.Detail}\n{cluster.Logs}");
            Assert.Equal(expected[next.Method], chaos.Result!.WeightsSha256);
            await foreach (var name in cluster.Store.ListAsync($"jobs/chaos-{job}/rounds/", CancellationToken.None))
                Assert.Fail($"{name} is left");
        }
        Report(calm, kills);
    }

    /// <summary>One job, and as many of the kills as it lasts for, each once all silos are there again.</summary>
    private static async Task<JobRecord> DisturbAsync(
        RealCluster cluster, string id, JobSpecification specification, Queue<(RefineMethod Method, Moment Moment, Victim Victim)> planned, List<Kill> kills)
    {
        var method = specification.Refine.Method;
        await cluster.StartAsync(id, specification);
        while (planned.TryPeek(out var next) && next.Method == method)
        {
            var (_, moment, victim) = next;
            if (await ReachAsync(cluster, id, step => step.ShardsDone > 0.1 * step.Shards) is not { } step)
                break;
            if (moment == Moment.Resumed)
            {
                await cluster.Job(id).CancelAsync();
                if ((await cluster.EndOfAsync(id)).Status == JobStatus.Done)
                    break;
                await cluster.Job(id).ResumeAsync();
                if (await ReachAsync(cluster, id, resumed => resumed.ShardsDone > 0) is not { } resumed)
                    break;
                step = resumed;
            }
            if (moment == Moment.Between && !await CheckpointAsync(cluster, id))
                break;
            planned.Dequeue();
            var silo = await FindAsync(cluster, id, specification.Refine, victim);
            var paused = moment == Moment.Averaging ? await PauseAnotherAsync(cluster, id, silo) : null;
            var clock = Stopwatch.StartNew();
            silo.Kill();
            paused?.Continue();
            var detecting = cluster.DetectionAsync(silo);
            var replacement = cluster.Launch();
            await ReachAsync(cluster, id, now => now.ShardsDone > step.ShardsDone);
            var added = clock.Elapsed.TotalSeconds;
            await replacement.ReadyAsync();
            kills.Add(new Kill(method, moment, victim, await detecting, added));
            await cluster.SeesAsync(Silos);
        }
        return await cluster.EndOfAsync(id);
    }

    /// <summary>Where the job is once it has come so far; null if it ended before.</summary>
    private static async Task<JobEvent?> ReachAsync(RealCluster cluster, string id, Func<JobEvent, bool> isReached)
    {
        var start = Stopwatch.StartNew();
        JobEvent? step = null;
        while (start.Elapsed < RealCluster.Deadline)
        {
            step = await cluster.PollAsync(id);
            if (step?.Record is { Status: not JobStatus.Running })
                return null;
            if (step is { Stage: JobStage.Refine } && isReached(step))
                return step;
            await Task.Delay(5);
        }
        throw new TimeoutException($"{id} did not come on within {RealCluster.Deadline}; its last event was {step}.\n{cluster.Logs}");
    }

    /// <summary>Waits for the first file of the next checkpoint at the end of a sweep or round; false if the job ended before.</summary>
    private static async Task<bool> CheckpointAsync(RealCluster cluster, string id)
    {
        var before = await EndsAsync();
        for (var start = Stopwatch.StartNew(); start.Elapsed < RealCluster.Deadline; await Task.Delay(1))
        {
            var now = await EndsAsync();
            if (now.Except(before).Any())
                return true;
            if (now.Count == 0 && before.Count > 0)
                return false;
        }
        throw new TimeoutException($"{id} wrote no checkpoint within {RealCluster.Deadline}.\n{cluster.Logs}");

        async Task<HashSet<string>> EndsAsync()
        {
            var folders = new HashSet<string>();
            await foreach (var name in cluster.Store.ListAsync($"jobs/{id}/rounds/", CancellationToken.None))
            {
                if (name.Contains("-000000-", StringComparison.Ordinal))
                    folders.Add(name.Split('/')[3]);
            }
            return folders;
        }
    }

    private static async Task<SiloProcess> FindAsync(RealCluster cluster, string id, RefineSpecification refine, Victim victim)
    {
        // The second worker, the only reducer of a small averaging.
        GrainId grain = (victim, refine.Method) switch
        {
            (Victim.Coordinator, _) => cluster.Job(id).GetGrainId(),
            (Victim.Worker, RefineMethod.Sweeps) => cluster.Grains.GetGrain<ISweepWorkerGrain>($"{id}/1").GetGrainId(),
            (Victim.Worker, _) => cluster.Grains.GetGrain<IAveragingWorkerGrain>($"{id}/1").GetGrainId(),
            (_, RefineMethod.Sweeps) => cluster.Grains.GetGrain<ISweepReducerGrain>($"{id}/1").GetGrainId(),
            _ => cluster.Grains.GetGrain<IAveragingReducerGrain>($"{id}/0").GetGrainId(),
        };
        return await cluster.SiloOfAsync(grain) ?? cluster.Silos.Last(silo => !silo.HasExited);
    }

    /// <summary>A silo with workers stands still, so that the parameters of the others wait for its own where they are averaged.</summary>
    private static async Task<SiloProcess> PauseAnotherAsync(RealCluster cluster, string id, SiloProcess victim)
    {
        var coordinator = await cluster.SiloOfAsync(cluster.Job(id).GetGrainId());
        var alive = cluster.Silos.Where(silo => !silo.HasExited).ToList();
        var paused = alive.First(silo => silo != victim && silo != coordinator);
        paused.Pause();
        for (var start = Stopwatch.StartNew(); start.Elapsed < Standstill;)
        {
            var idle = await Task.WhenAll(alive.Where(silo => silo != paused).Select(cluster.IsIdleAsync));
            if (idle.All(isIdle => isIdle))
                break;
        }
        return paused;
    }

    /// <summary>Added is the time from a kill until the job is further than it was then.</summary>
    private void Report(string calm, List<Kill> kills)
    {
        var text = new StringBuilder(calm);
        foreach (var kill in kills)
        {
            text.AppendLine(CultureInfo.InvariantCulture,
                $"{kill.Method,-9} {kill.Moment,-9} {kill.Victim,-11} detected after {kill.Detection,5:F1} s, added {kill.Added,5:F1} s");
        }
        Line("detection", kills.Select(kill => kill.Detection));
        foreach (var method in kills.GroupBy(kill => kill.Method))
            Line($"{method.Key}, {method.Count()} kills: added time", method.Select(kill => kill.Added));
        Line("added beyond detection", kills.Select(kill => kill.Added - kill.Detection));
        output.WriteLine(text.ToString());
        if (Asked is not null)
            Console.WriteLine(text);

        void Line(string what, IEnumerable<double> seconds)
        {
            var sorted = seconds.Order().ToList();
            text.AppendLine(CultureInfo.InvariantCulture, $"{what}: least {sorted[0]:F1}, median {sorted[sorted.Count / 2]:F1}, most {sorted[^1]:F1} s");
        }
    }

    private sealed record Kill(RefineMethod Method, Moment Moment, Victim Victim, double Detection, double Added);
}
