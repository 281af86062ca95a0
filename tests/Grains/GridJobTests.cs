using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Grid;
using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Data.Sources;
using ExplicitCluster.Data.Store;

namespace ExplicitCluster.Grains.Tests;

/// <summary>A grid of settings from two readings of the rows: its folds are those of trainings, and its figures theirs.</summary>
public sealed class GridJobTests : IDisposable
{
    private const int Folds = 5;

    private static readonly ImmutableArray<ImmutableArray<int>> Subsets = [[0], [1], [0, 1]];

    private readonly SmallImages _images = new(wrong: 0.2);

    public void Dispose() => _images.Dispose();

    [Fact]
    public async Task Folds_are_those_of_trainings_hash_for_hash_and_rows_are_read_twice()
    {
        await using var silo = await TestSilo.StartAsync(_images.Store);
        var specification = GridOf(Subsets, SmallImages.Patches, SmallImages.Bins);
        var (result, report) = await RunAsync(silo, specification);
        Assert.Equal((7, 0, SmallImages.Train), (result.Shards, result.ReusedShards, report.Rows));
        Assert.Equal(["patches", "bins", "patches + bins"], report.Groups.Select(group => group.Name));
        Assert.Equal(specification.Grid!.Settings, report.Settings.Length);

        // Other settings are of the same counts: one reading, to score.
        var read = silo.Store.BytesRead("datasets");
        var (again, other) = await RunAsync(silo, specification with { Grid = specification.Grid with { Alpha = [.05] } });
        Assert.Equal(7, again.ReusedShards);
        AssertReadTwice(read, silo.Store.BytesRead("datasets") - read);
        Assert.Equal(report.Groups[2].FoldStatisticsSha256, other.Groups[2].FoldStatisticsSha256);

        // A training finds what the grid has counted, and leave-one-out tells both the same.
        var trained = await silo.SolveAsync(Training(specification, SmallImages.Patches, SmallImages.Bins));
        Assert.Equal((7, report.Groups[2].StatisticsSha256), (trained.ReusedShards, trained.StatisticsSha256));
        Assert.All(trained.Choice, point => Assert.Equal(
            point.CrossEntropy, report.Settings.Single(setting => setting is { Group: 2, Prior: GridPrior.Observed } && setting.K == point.K && setting.Alpha == point.Alpha).LeftOut!.CrossEntropy, 1e-9));
        Assert.Equal(trained.K, report.Settings.Where(setting => setting is { Group: 2, Prior: GridPrior.Observed }).MinBy(setting => setting.LeftOut!.CrossEntropy)!.K);
        var alone = await silo.SolveAsync(Training(specification, SmallImages.Bins));
        Assert.Equal(report.Groups[1].StatisticsSha256, alone.StatisticsSha256);

        var folds = await FoldsAsync(silo);
        for (var fold = 0; fold < Folds; fold++)
        {
            var training = Without(specification, fold, folds, SmallImages.Patches, SmallImages.Bins);
            var without = await silo.SolveAsync(training);
            Assert.Equal(report.Groups[2].FoldStatisticsSha256[fold], without.StatisticsSha256);
            Assert.Equal((SmallImages.Train - report.FoldRows[fold], report.FoldRows[fold]), (without.Rows, without.Test!.Rows));
            var figures = report.Settings.Single(setting => setting is { Group: 2, Prior: GridPrior.Observed, K: 4, Alpha: .1 }).EachFold[fold];
            Assert.Equal(without.Test.CrossEntropy, figures.CrossEntropy, 1e-5);
            Assert.Equal(without.Test.Accuracy, figures.Accuracy, 1e-9);
        }
    }

    [Fact]
    public async Task Groups_of_dense_maps_have_statistics_of_their_own_from_the_same_reading()
    {
        await using var silo = await TestSilo.StartAsync(_images.Store);
        var complement = new FeatureMapSpecification { Map = FeatureMapKind.Complement };
        var (_, report) = await RunAsync(silo, GridOf(Subsets, SmallImages.Pixels, complement));
        var read = silo.Store.BytesRead("datasets");
        await RunAsync(silo, GridOf(Subsets, SmallImages.Pixels, complement));
        AssertReadTwice(read, silo.Store.BytesRead("datasets") - read);
        var folds = await FoldsAsync(silo);
        for (var group = 0; group < Subsets.Length; group++)
        {
            ImmutableArray<FeatureMapSpecification> maps = [.. Subsets[group].Select(map => map == 0 ? SmallImages.Pixels : complement)];
            var without = await silo.SolveAsync(Without(GridOf(Subsets, maps), fold: 3, folds, maps));
            Assert.Equal(report.Groups[group].FoldStatisticsSha256[3], without.StatisticsSha256);
            var figures = report.Settings.Single(setting => setting is { Prior: GridPrior.Observed, K: 4, Alpha: .1 } && setting.Group == group);
            Assert.Equal(without.Test!.CrossEntropy, figures.EachFold[3].CrossEntropy, 1e-5);
        }
    }

    [Fact]
    public async Task Silos_shards_and_a_stop_on_the_way_change_nothing()
    {
        using var alone = new SmallImages(wrong: 0.2);
        await using var single = await TestSilo.StartAsync(alone.Store);
        var specification = GridOf(Subsets, SmallImages.Patches, SmallImages.Bins);
        var (_, expected) = await RunAsync(single, specification with { Data = specification.Data with { Train = [alone.TrainSource] } });

        await using var first = await TestSilo.StartAsync(_images.Store);
        await using var second = await TestSilo.JoinAsync(first, _images.Store);
        await using var third = await TestSilo.JoinAsync(first, _images.Store);
        foreach (var silo in new[] { first, second, third })
            await silo.SeesAsync(3);
        var job = second.Job("stopped");
        var reached = new TaskCompletionSource();
        foreach (var silo in new[] { first, second, third })
        {
            silo.Store.BeforeWrite = async name =>
            {
                if (!name.Contains("/merged-", StringComparison.Ordinal))
                    return;
                reached.TrySetResult();
                await job.CancelAsync();
            };
        }
        await job.StartAsync(specification with { Data = specification.Data with { ShardRows = 30 } });
        await reached.Task.WaitAsync(TestSilo.Deadline);
        Assert.Equal((JobStatus.Cancelled, JobStage.Reduce), (await TestSilo.EndOf(job)) is var ended ? (ended.Status, ended.Stage) : default);
        foreach (var silo in new[] { first, second, third })
            silo.Store.BeforeWrite = null;
        await job.ResumeAsync();
        var record = await TestSilo.EndOf(job);
        Assert.Equal((JobStatus.Done, 24, 3), (record.Status, record.Result!.ReusedShards, record.Result.Silos));
        var seen = await ReportAsync(first, record.Result);
        Assert.Equal(expected.Settings.Select(Text), seen.Settings.Select(Text));
        Assert.Equal(expected.Groups.SelectMany(group => group.FoldStatisticsSha256), seen.Groups.SelectMany(group => group.FoldStatisticsSha256));

        static string Text(GridSettingReport setting) =>
            FormattableString.Invariant($"{setting.Group} {setting.Prior} {setting.Beta} {setting.Alpha} {setting.K} {setting.LeftOut} {setting.Folds} {setting.Deviation} {string.Join(' ', setting.EachFold)}");
    }

    [Fact]
    public async Task A_label_of_one_fold_and_a_fold_without_rows_end_the_job_in_one_line()
    {
        using var folder = new Testing.TemporaryFolder();
        var source = new SourceSpecification { Format = SourceFormat.Csv, Path = folder.Write("rows.csv", "1,2,a\n2,1,a\n4,1,b\n1,1,b\n3,1,c\n"), LabelColumn = "2", Header = false };
        await using var silo = await TestSilo.StartAsync(_images.Store);
        var specification = GridOf([[0]], SmallImages.Pixels);
        specification = specification with { Data = new DataSpecification { Train = [source] } };
        var refused = await silo.RunAsync(specification);
        Assert.StartsWith("every row of label '", refused.Failure!.Cause);
        Assert.Contains("is in fold", refused.Failure.Cause);
        Assert.Contains("grid.beta", refused.Failure.Remedy);
        refused = await silo.RunAsync(specification with { Grid = specification.Grid! with { Beta = [1], Folds = 20 } });
        Assert.EndsWith("of 20 has no row", refused.Failure!.Cause);
    }

    /// <summary>A grid on new rows reads them twice as often as one whose counts are there, which has to score; a few bytes are of the files' heads.</summary>
    private static void AssertReadTwice(long first, long again) => Assert.InRange(first, 2 * again, 2 * again + 1000);

    private JobSpecification GridOf(ImmutableArray<ImmutableArray<int>> groups, params ImmutableArray<FeatureMapSpecification> features)
    {
        var specification = _images.Specification(features);
        return specification with
        {
            Data = specification.Data with { Test = [] },
            Evaluate = EvaluateRows.None,
            Grid = new GridSpecification { Groups = groups, Alpha = [.01, .1], Priors = [GridPrior.Observed, GridPrior.Uniform], Folds = Folds },
        };
    }

    private static JobSpecification Training(JobSpecification grid, params ImmutableArray<FeatureMapSpecification> features) =>
        grid with { Grid = null, Features = features, Solve = new SolveSpecification { Alpha = grid.Grid!.Alpha } };

    /// <summary>A training without a fold, evaluated on the fold's rows.</summary>
    private JobSpecification Without(JobSpecification grid, int fold, int[] folds, params ImmutableArray<FeatureMapSpecification> features)
    {
        var others = Enumerable.Range(0, folds.Length).Where(row => folds[row] != fold).Select(row => new RemovedRows(row, row));
        return Training(grid, features) with
        {
            Data = grid.Data with { WithoutFold = new FoldSpecification(Folds, fold), Test = [_images.Without($"fold-{fold}", others)] },
            Solve = new SolveSpecification { K = [4], Alpha = [.1] },
            Evaluate = EvaluateRows.All,
        };
    }

    private async Task<int[]> FoldsAsync(TestSilo silo)
    {
        var reader = new SourceReader(silo.Store);
        var source = await reader.OpenAsync(_images.TrainSource, labelsRequired: true, CancellationToken.None);
        return RowFold.FoldsOf(source, await reader.ReadAsync(source, 0, SmallImages.Train, CancellationToken.None), Folds);
    }

    private static async Task<(JobResult, GridReport)> RunAsync(TestSilo silo, JobSpecification specification)
    {
        var result = await silo.SolveAsync(specification);
        return (result, await ReportAsync(silo, result));
    }

    private static async Task<GridReport> ReportAsync(TestSilo silo, JobResult result) =>
        (await JsonArtifact.ReadAsync<GridReport>(silo.Store, result.Report!, null, CancellationToken.None))!.Value.Value;
}
