using System.Collections.Immutable;
using System.Diagnostics;
using ExplicitCluster.Abstractions.Errors;
using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Mixed;
using ExplicitCluster.Abstractions.Reduction;
using ExplicitCluster.Grains.Mixed;
using ExplicitCluster.Grains.Shards;
using ExplicitCluster.Numerics.Groups;

namespace ExplicitCluster.Grains.Jobs;

/// <summary>
/// Mixed rows: every map is a group with a K of its own. Each group is counted, summed and solved as a row of that map alone would be, and shares its statistics
/// with jobs of such rows; only the fit of K sees all groups of a row.
/// </summary>
internal sealed partial class TrainingJobGrain
{
    private async Task<JobResult> RunMixedStagesAsync(CancellationToken cancellationToken)
    {
        var total = Stopwatch.GetTimestamp();
        var plan = await StageAsync(JobStage.Plan, () => PlanAsync(cancellationToken));
        (plan, var layers) = await StageAsync(JobStage.Layers, () => SolveLayersAsync(plan, cancellationToken));
        JobPlan[] groups = [.. plan.Features.Select(feature => Over(plan, [feature]))];
        var totals = await StageAsync(JobStage.Accumulate, () => ForEachGroupAsync(groups, group => AccumulateAsync(groups[group], cancellationToken)));
        var reduced = await StageAsync(JobStage.Reduce, () => ForEachGroupAsync(groups, group => ReduceAsync(groups[group], totals[group], cancellationToken)));
        var merged = MixedStatistics.Of([.. reduced.Select(group => group.Item1)]);
        var statisticsSha256 = MixedStatistics.HashOf([.. reduced.Select(group => group.Sha256)]);
        var choice = await StageAsync(JobStage.Choose, () => FitGroupsAsync(plan, merged, cancellationToken));
        var parts = await StageAsync(JobStage.Solve, () => SolveGroupsAsync(groups, merged, choice, cancellationToken));
        var model = await StageAsync(JobStage.Publish, () =>
        {
            _progress.Begin(JobStage.Publish, 0, 0);
            var publication = new Publication(_record!, plan, merged, statisticsSha256, choice);
            return gate.RunAsync(token => publication.WriteMixedAsync(store, parts, token), cancellationToken);
        });
        var (train, test) = await StageAsync(JobStage.Evaluate, () => EvaluateAsync(plan, model, cancellationToken));
        var reused = Enumerable.Range(0, plan.Train.Length).Count(shard => Array.TrueForAll(totals, group => group[shard].Reused));
        var result = await ResultAsync(total, plan, merged, choice, model, reused, train, test, cancellationToken);
        return result with
        {
            Layers = layers,
            Groups = [.. groups.Select((group, i) => new GroupResult(
                group.Encoder.Layout.Maps[0].Name, reduced[i].Item1.Inputs, choice.GroupKs[i], reduced[i].Sha256, totals[i].Count(shard => shard.Reused)))],
        };
    }

    /// <summary>One group after the other: each takes all silos.</summary>
    private static async Task<T[]> ForEachGroupAsync<T>(JobPlan[] groups, Func<int, Task<T>> run)
    {
        var results = new T[groups.Length];
        for (var group = 0; group < groups.Length; group++)
            results[group] = await run(group);
        return results;
    }

    /// <summary>
    /// A K for each group, under every alpha: shard grains hold the left-out scores of their rows and return sums of loss, gradient and second derivatives; Newton runs
    /// here, for all alphas side by side. The alpha of least loss wins, a tie goes to the smaller.
    /// </summary>
    private async Task<JobChoice> FitGroupsAsync(JobPlan plan, MergedStatistics merged, CancellationToken cancellationToken)
    {
        if (_record!.Choice is { } made && made.Statistics == merged.Name)
            return made;
        var (alphas, work) = (Specification.Solve.Alpha, new MixedWork(merged.Groups, Specification.Solve.Alpha, Specification.Solve.Beta));
        if (alphas[0] == 0)
            throw new JobException("leave-one-out cannot try alpha 0: a count of 1 leaves log 0", "set solve.alpha above 0");
        var searches = alphas.Select(_ => TemperatureSearch.OfGroups(merged.Groups.Length)).ToArray();
        var rows = 0L;
        while (Array.Exists(searches, search => !search.IsDone))
        {
            int[] open = [.. Enumerable.Range(0, searches.Length).Where(alpha => !searches[alpha].IsDone)];
            ImmutableArray<MixedTrial> trials = [.. open.Select(alpha => new MixedTrial(alpha, [.. searches[alpha].Trial]))];
            foreach (var (alpha, sums) in open.Zip(await SumAsync(plan, work, trials, cancellationToken)))
            {
                rows = sums.Rows;
                searches[alpha].Take(sums.ToNumbers());
            }
        }
        await SumAsync(plan, work, [], cancellationToken); // scores are let go of
        if (rows == 0)
            throw new JobException("leave-one-out has no row to fit K by: every class has one row, or every row has zero norm", "add rows, or give maps that pool without solve.k: groups");
        var best = Enumerable.Range(0, searches.Length).MinBy(alpha => searches[alpha].Loss);
        var grid = alphas.Select((alpha, i) => new GridPoint(searches[i].Trial.Sum(), alpha, searches[i].Loss / rows));
        var choice = new JobChoice(merged.Name, searches[best].Trial.Sum(), alphas[best], [.. grid]) { GroupKs = [.. searches[best].Trial] };
        _record = _record with { Choice = choice }; // written with the next stage
        return choice;
    }

    private async Task<ExactTemperatureSums[]> SumAsync(JobPlan plan, MixedWork work, ImmutableArray<MixedTrial> trials, CancellationToken cancellationToken)
    {
        var groups = work.Groups.Length;
        var shards = await ForEachWorkAsync(
            JobStage.Choose,
            [("train", plan.Train)],
            (key, shard, token) => GrainFactory.GetGrain<IMixedShardGrain>(key).SumAsync(shard, work, trials, token),
            cancellationToken,
            holdsState: true);
        ExactTemperatureSums[] sums = [.. trials.Select(_ => new ExactTemperatureSums(groups))];
        foreach (var shard in shards)
        {
            foreach (var (sum, part) in sums.Zip(shard.Trials))
                sum.Add(new ExactTemperatureSums(groups) { Rows = part.Rows, Loss = part.Loss, Gradient = [.. part.Gradient], Curvature = [.. part.Curvature] });
        }
        return sums;
    }

    /// <summary>The tiles of all groups, numbered through, become weights. Gives the SHA-256 of each part.</summary>
    private async Task<string[]> SolveGroupsAsync(JobPlan[] groups, MergedStatistics merged, JobChoice choice, CancellationToken cancellationToken)
    {
        _progress.Begin(JobStage.Solve, merged.Groups.Sum(group => group.Tiles.Length), 0);
        var parts = new List<string>();
        foreach (var (statistics, i) in merged.Groups.Select((group, i) => (group, i)))
        {
            var (layout, first) = (FeatureMaps.KeyOf(groups[i].Features, groups[i].Encoder.Shape), parts.Count);
            var weights = await ForEachTileAsync(
                statistics,
                (reducer, tile, token) => reducer.SolveAsync(
                    new SolveWork(statistics, tile, layout, choice.GroupKs[i], choice.Alpha, Specification.Solve.Beta, JobFolder.WeightsPartName(Id, _record!.Attempts, first + tile)), token),
                cancellationToken);
            parts.AddRange(weights.Select(tile => tile.Sha256));
        }
        return [.. parts];
    }
}
