using ExplicitCluster.Abstractions.Curves;
using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Grains.Models;

namespace ExplicitCluster.Grains.Tests;

/// <summary>A learning curve from sums of stored shards: every point is a training on its shards.</summary>
public sealed class CurveJobTests : IDisposable
{
    private readonly SmallImages _images = new(wrong: 0.2);

    public void Dispose() => _images.Dispose();

    [Fact]
    public async Task Every_point_is_a_training_on_its_shards_and_no_training_row_is_read_again()
    {
        await using var silo = await TestSilo.StartAsync(_images.Store);
        foreach (var feature in new[] { SmallImages.Patches, SmallImages.Pixels })
        {
            var specification = _images.Specification(feature) with { Solve = new SolveSpecification { K = [4], Alpha = [.1] }, Evaluate = EvaluateRows.Test };
            var trained = await silo.SolveAsync(specification);
            var tests = silo.Store.BytesRead("datasets");
            await silo.SolveAsync(specification);
            tests = silo.Store.BytesRead("datasets") - tests; // one reading of the test rows

            var before = silo.Store.BytesRead("datasets");
            var (result, report) = await RunAsync(silo, specification with { Curve = new CurveSpecification { Shares = [1, 40, 50, 100] } });
            Assert.Equal(tests, silo.Store.BytesRead("datasets") - before);
            Assert.Equal((7, 7), (result.Shards, result.ReusedShards));
            Assert.Equal([1, 3, 4, 7], report.Points.Select(point => point.Shards));
            Assert.Equal([100, 300, 400, 700], report.Points.Select(point => point.Rows));
            Assert.Empty(report.LeftOut);
            var last = report.Points[^1];
            Assert.Equal((trained.StatisticsSha256, trained.Test!.CrossEntropy, trained.Test.Accuracy), (last.StatisticsSha256, last.CrossEntropy, last.Accuracy));

            // The first three shards by their hashes, as a source without the other rows.
            var lineage = (await ModelFolder.ReadAsync(silo.Store, trained.ModelPath, CancellationToken.None)).Lineage;
            var others = lineage.Shards.OrderBy(shard => shard.Hash, StringComparer.Ordinal).Skip(3).Select(shard => new RemovedRows(shard.FirstRow, shard.FirstRow + shard.Rows - 1));
            var part = await silo.SolveAsync(specification with { Data = specification.Data with { Train = [_images.TrainSource with { Removed = [.. others.OrderBy(rows => rows.First)] }] } });
            Assert.Equal((part.StatisticsSha256, part.Test!.CrossEntropy), (report.Points[1].StatisticsSha256, report.Points[1].CrossEntropy));
        }
    }

    [Fact]
    public async Task Settings_are_chosen_on_all_rows_and_parts_without_a_label_are_told()
    {
        using var folder = new Testing.TemporaryFolder();
        var rows = string.Concat(Enumerable.Range(0, 40).Select(m => $"{m % 7},{m % 5},{(m == 0 ? "rare" : m < 20 ? "a" : "b")}\n")) + "3,3,rare\n";
        var source = new SourceSpecification { Format = SourceFormat.Csv, Path = folder.Write("rows.csv", rows), LabelColumn = "2", Header = false };
        await using var silo = await TestSilo.StartAsync(_images.Store);
        var specification = _images.Specification(SmallImages.Bins) with
        {
            Data = new DataSpecification { Train = [source], Test = [source], ShardRows = 4 },
            Evaluate = EvaluateRows.Test,
            Curve = new CurveSpecification { Shares = [1, 100] },
        };
        var (result, report) = await RunAsync(silo, specification);
        var trained = await silo.SolveAsync(specification with { Curve = null });
        Assert.Equal((trained.K, trained.Alpha, trained.Choice.Length), (report.K, report.Alpha, result.Choice.Length));
        Assert.Single(report.Points);
        Assert.Contains("1 of 11 shards have no row of label '", Assert.Single(report.LeftOut));
    }

    [Fact]
    public async Task Curves_over_the_same_statistics_keep_their_class_weights_apart()
    {
        await using var silo = await TestSilo.StartAsync(_images.Store);
        var losses = new List<double>();
        foreach (var weight in new[] { 1, 5, 1 })
        {
            var solve = new SolveSpecification { K = [4], Alpha = [.1], ClassWeights = weight == 1 ? null : new ClassWeightSpecification { Weights = [new LabelWeight("0", weight)] } };
            var specification = _images.Specification(SmallImages.Bins) with { Solve = solve, Evaluate = EvaluateRows.Test };
            var (result, report) = await RunAsync(silo, specification with { Curve = new CurveSpecification { Shares = [50, 100] } });
            var trained = await silo.SolveAsync(specification);
            Assert.Equal((trained.StatisticsSha256, trained.Test!.CrossEntropy), (result.StatisticsSha256, report.Points[^1].CrossEntropy));
            losses.Add(report.Points[0].CrossEntropy);
        }
        Assert.Equal(losses[0], losses[2]);
        Assert.NotEqual(losses[0], losses[1]);
    }

    private static async Task<(JobResult, CurveReport)> RunAsync(TestSilo silo, JobSpecification specification)
    {
        var result = await silo.SolveAsync(specification);
        return (result, (await JsonArtifact.ReadAsync<CurveReport>(silo.Store, result.Report!, null, CancellationToken.None))!.Value.Value);
    }
}
