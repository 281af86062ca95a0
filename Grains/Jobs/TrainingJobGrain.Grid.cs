using System.Collections.Immutable;
using System.Diagnostics;
using ExplicitCluster.Abstractions.Errors;
using ExplicitCluster.Abstractions.Grid;
using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Reduction;
using ExplicitCluster.Abstractions.Shards;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Grains.Grid;
using ExplicitCluster.Grains.Hosting;
using ExplicitCluster.Grains.Reduction;
using ExplicitCluster.Grains.Shards;
using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Selection;

namespace ExplicitCluster.Grains.Jobs;

/// <summary>A job that tries settings: rows are read once to count them fold by fold, and once to score them under everything.</summary>
internal sealed partial class TrainingJobGrain
{
    private async Task<JobResult> RunGridStagesAsync(GridSpecification grid, CancellationToken cancellationToken)
    {
        var total = Stopwatch.GetTimestamp();
        var plan = await StageAsync(JobStage.Plan, () => PlanAsync(cancellationToken));
        var units = UnitsOf(plan, grid);
        GridShardWork[] works = [.. plan.Train.Select(work => new GridShardWork(work, units))];
        var totals = await StageAsync(JobStage.Accumulate, () => ForEachGridShardAsync(
            JobStage.Accumulate, plan, (shard, index, token) => shard.AccumulateAsync(works[index], token), cancellationToken));
        var (statistics, groups) = await StageAsync(JobStage.Reduce, () => ReduceGridAsync(plan, units, totals, cancellationToken));
        var (settings, foldRows) = await StageAsync(JobStage.Choose, () => ScoreGridAsync(plan, works, new GridScoring(statistics, grid), cancellationToken));
        var report = new GridReport
        {
            Name = Specification.Name,
            Rows = plan.Rows,
            Labels = statistics[0].Whole.Labels,
            FoldRows = foldRows,
            Groups = groups,
            Settings = settings,
            BestLeftOut = GridReports.BestOf(settings, setting => setting.LeftOut),
            BestFolds = GridReports.BestOf(settings, setting => setting.Folds),
        };
        await StageAsync(JobStage.Publish, () => Failures.Translate(() => JsonArtifact.WriteAsync(store, JobFolder.GridOf(Id), report, null, WriteCondition.Always, cancellationToken)));
        var best = report.Settings[report.BestLeftOut ?? report.BestFolds ?? 0];
        var management = await GrainFactory.GetGrain<IManagementGrain>(0).GetHosts(onlyActive: true, cancellationToken);
        return new JobResult
        {
            Model = "",
            ModelPath = "",
            Report = JobFolder.GridOf(Id),
            Rows = plan.Rows,
            Inputs = plan.Encoder.Layout.Inputs,
            Outputs = report.Labels.Length,
            Shards = plan.Train.Length,
            Silos = management.Count,
            K = best.K,
            Alpha = best.Alpha,
            ZeroRows = statistics[0].Whole.ZeroRows,
            ReusedShards = totals.Count(shard => shard.All(part => part.Reused)),
            WeightsSha256 = "",
            StatisticsSha256 = groups[^1].StatisticsSha256,
            Labels = report.Labels,
            Seconds = new StageSeconds(
                Stopwatch.GetElapsedTime(total).TotalSeconds,
                _seconds[JobStage.Plan],
                _seconds[JobStage.Accumulate],
                _seconds[JobStage.Reduce],
                0,
                0,
                _seconds[JobStage.Choose]),
        };
    }

    /// <summary>Blocks are counted map by map, and any group of maps is scored from that; dense maps are normalised together, so every group has statistics of its own.</summary>
    private ImmutableArray<GridUnit> UnitsOf(JobPlan plan, GridSpecification grid)
    {
        return plan.Encoder.Layout.Kind == EncodingKind.Blocks
            ? [UnitOf(Specification.Features, grid.Groups)]
            : [.. grid.Groups.Select(maps => UnitOf([.. maps.Select(map => Specification.Features[map])], [[0]]))];

        GridUnit UnitOf(ImmutableArray<FeatureMapSpecification> features, ImmutableArray<ImmutableArray<int>> groups) => new(
            features,
            groups,
            $"statistics/{SpecificationHash.Of(features)}",
            [.. Enumerable.Range(0, grid.Folds).Select(fold => $"statistics/{SpecificationHash.OfFold(features, new FoldSpecification(grid.Folds, fold))}")]);
    }

    /// <summary>Reducer grains sum F of every fold and of all rows, a tile each. Gives the merged statistics of every unit, and every group with its hashes.</summary>
    private async Task<(ImmutableArray<GridStatistics>, ImmutableArray<GridGroupReport>)> ReduceGridAsync(
        JobPlan plan, ImmutableArray<GridUnit> units, ImmutableArray<ShardTotals>[] totals, CancellationToken cancellationToken)
    {
        var folds = units[0].FoldFolders.Length;
        ShardTotals[] whole = [.. totals.Select(shard => SumOf(shard[..folds]))];
        var labels = await RemainingLabels.OfAsync(plan, whole, (work, token) => Failures.Translate(() => gate.RunAsync(inner => LabelsOfAsync(work, inner), token)), cancellationToken);
        var union = SpecificationHash.Sha256(string.Join('\n', plan.Train.Select(work => work.Shard.Hash)));
        ImmutableArray<string> shards = [.. plan.Train.Select(work => work.Shard.Hash)];
        var statistics = ImmutableArray.CreateBuilder<GridStatistics>();
        var groups = ImmutableArray.CreateBuilder<GridGroupReport>();
        for (var i = 0; i < units.Length; i++)
        {
            var unit = units[i];
            var layout = FeatureMaps.EncoderOf(unit.Features, plan.Encoder.Shape).Layout;
            ImmutableArray<MergedStatistics> ofFolds =
                [.. unit.FoldFolders.Select((folder, fold) => MergedOf(folder, layout, LabelTotals.Of(labels, totals.Select(shard => shard[i * folds + fold]))))];
            var merged = new GridStatistics(MergedOf(unit.Folder, layout, LabelTotals.Of(labels, totals.SelectMany(shard => shard[(i * folds)..((i + 1) * folds)]))), ofFolds);
            GridEvidence.Check(merged, Specification.Grid!);
            var tiles = await ReduceUnitAsync(unit, shards, merged, cancellationToken);
            statistics.Add(merged);
            foreach (var maps in unit.Groups)
                groups.Add(GroupOf(unit, layout, maps, merged.Whole, tiles));
        }
        return (statistics.ToImmutable(), groups.ToImmutable());

        MergedStatistics MergedOf(string folder, RowLayout layout, LabelTotals sum) => new(
            $"{folder}/merged-{union}", labels, TilePlan.TilesOf(layout, labels.Length), layout.Inputs, sum.Rows, sum.Mass, sum.ZeroRows);

        static ShardTotals SumOf(ImmutableArray<ShardTotals> parts)
        {
            var sum = LabelTotals.Of(parts[0].Labels, parts);
            return new ShardTotals(parts[0].Labels, sum.Rows, sum.Mass, sum.ZeroRows, parts.All(part => part.Reused));
        }
    }

    private Task<GridTileHashes[]> ReduceUnitAsync(GridUnit unit, ImmutableArray<string> shards, GridStatistics statistics, CancellationToken cancellationToken)
    {
        _progress.Begin(JobStage.Reduce, statistics.Whole.Tiles.Length, 0);
        var pieces = new Pieces<GridTileHashes>(
            statistics.Whole.Tiles.Length,
            tile => $"tile {tile}",
            (tile, copy, token) => GrainFactory.GetGrain<IGridReducerGrain>($"{Id}/{IndexOf(tile, copy)}").ReduceAsync(new GridReduceWork(unit, shards, statistics, tile), token),
            _ => _progress.Advance(0));
        return Runner.RunAsync(pieces, cancellationToken);
    }

    /// <summary>The hashes that trainings on a group's maps have: no tile crosses maps, and cells are numbered map by map.</summary>
    private static GridGroupReport GroupOf(GridUnit unit, RowLayout layout, ImmutableArray<int> maps, MergedStatistics merged, GridTileHashes[] tiles)
    {
        // Of dense maps the group is all of the unit.
        MapLayout[] all = [.. layout.Kind == EncodingKind.Blocks ? maps.Select(map => layout.Maps[map]) : layout.Maps];
        GridTileHashes[] ours = [.. all.SelectMany(map => tiles.Where((_, tile) => merged.Tiles[tile].MapFirstInput == map.FirstInput))];
        return new GridGroupReport(
            string.Join(" + ", all.Select(map => NameOf(unit, layout, map))),
            StatisticsHash.Of(merged.Labels, ours.SelectMany(tile => tile.Whole)),
            [.. Enumerable.Range(0, unit.FoldFolders.Length).Select(fold => StatisticsHash.Of(merged.Labels, ours.SelectMany(tile => tile.Without[fold])))]);
    }

    /// <summary>A map's name, with its place among the features where another has the same.</summary>
    private static string NameOf(GridUnit unit, RowLayout layout, MapLayout map)
    {
        var place = layout.Maps.ToList().IndexOf(map);
        return unit.Features.Count(feature => feature.Map == unit.Features[place].Map) == 1 ? map.Name : $"{map.Name} {place + 1}";
    }

    /// <summary>Shard grains score their rows under every setting, each left out and with its fold left out.</summary>
    private async Task<(ImmutableArray<GridSettingReport> Settings, ImmutableArray<long> FoldRows)> ScoreGridAsync(
        JobPlan plan, GridShardWork[] works, GridScoring scoring, CancellationToken cancellationToken)
    {
        var messages = await ForEachGridShardAsync(
            JobStage.Choose, plan, (shard, index, token) => shard.ScoreAsync(works[index], scoring, token), cancellationToken);
        var reports = ImmutableArray.CreateBuilder<GridSettingReport>();
        var firstGroup = 0;
        for (var unit = 0; unit < works[0].Units.Length; unit++)
        {
            var settings = GridTables.SettingsOf(works[0].Units[unit], scoring.Grid);
            var sums = new GridSums(settings.Count, settings.Priors.Count, scoring.Grid.Folds);
            foreach (var message in messages)
                sums.Add(GridTables.SumsOf(settings, message[unit]));
            if (Array.IndexOf(sums.FoldRows, 0) is >= 0 and var fold)
                throw new JobException($"fold {fold} of {scoring.Grid.Folds} has no row", "use fewer folds (grid.folds), or more rows");
            reports.AddRange(GridReports.SettingsOf(works[0].Units[unit], scoring.Grid, sums, firstGroup));
            firstGroup += works[0].Units[unit].Groups.Length;
        }
        return (reports.ToImmutable(), messages.Select(message => message[0].FoldRows).Aggregate((sum, rows) => [.. sum.Zip(rows, (one, other) => one + other)]));
    }

    private Task<T[]> ForEachGridShardAsync<T>(JobStage stage, JobPlan plan, Func<IGridShardGrain, int, CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        var indices = plan.Train.Select((work, index) => (work.Shard.Index, index)).ToDictionary();
        return ForEachWorkAsync(
            stage, [("train", plan.Train)], (key, work, token) => call(GrainFactory.GetGrain<IGridShardGrain>(key), indices[work.Shard.Index], token), cancellationToken);
    }
}
