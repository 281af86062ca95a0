using System.Globalization;
using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Testing;

namespace ExplicitCluster.Grains.Tests;

/// <summary>Averaged SGD and sweeps at the edges of what rows, classes, blocks and workers can be.</summary>
public sealed class AveragingEdgeTests : IDisposable
{
    private readonly SmallImages _images = new(wrong: 0.3);

    public void Dispose() => _images.Dispose();

    [Fact]
    public async Task Workers_without_rows_have_no_say_and_workers_of_a_silo_read_every_byte_once()
    {
        await using var silo = await TestSilo.StartAsync(_images.Store, ("ComputeSlots", "1"));
        var alone = await SolveAsync(workers: 1);
        var many = await SolveAsync(workers: 9); // 700 rows are 6 runs
        Assert.True(many.Result.Refinement[^1].TrainCrossEntropy < many.Result.Refinement[0].TrainCrossEntropy, string.Join('\n', many.Result.Refinement));
        Assert.Equal(alone.Read, many.Read);

        async Task<(JobResult Result, long Read)> SolveAsync(int workers)
        {
            var specification = Averaging(SmallImages.Bins) with { Evaluate = EvaluateRows.Test };
            specification = specification with { Refine = specification.Refine with { Workers = workers } };
            await silo.SolveAsync(specification with { Refine = new RefineSpecification() }); // counted and decoded
            var before = silo.Store.BytesRead("datasets");
            return (await silo.SolveAsync(specification), silo.Store.BytesRead("datasets") - before);
        }
    }

    [Fact]
    public async Task Removed_rows_are_as_if_they_had_never_been_and_a_row_that_a_worker_cannot_take_is_named_by_its_own_number()
    {
        RemovedRows[] removed = [new(0, 4), new(100, 199), new(250, 251), new(690, 690)];
        await using var silo = await TestSilo.StartAsync(_images.Store);
        var expected = await silo.SolveAsync(With(_images.Without("without", removed)));
        var actual = await silo.SolveAsync(With(_images.TrainSource with { Removed = [.. removed] }));
        Assert.Equal((expected.WeightsSha256, expected.StatisticsSha256), (actual.WeightsSha256, actual.StatisticsSha256));
        Assert.Equal(expected.Refinement.Select(round => round.TestCrossEntropy), actual.Refinement.Select(round => round.TestCrossEntropy));

        using var folder = new TemporaryFolder();
        var good = folder.Write("good.csv", "u,kind\n" + string.Concat(Enumerable.Range(0, 300).Select(i => $"0.{i % 7},{"ab"[i % 2]}\n")));
        var bad = folder.Write("bad.csv", "u,kind\n" + string.Concat(Enumerable.Range(0, 300).Select(i => $"{(i == 200 ? 2 : 0)}.5,{"ab"[i % 2]}\n")));
        var table = Over(good, Averaging(new FeatureMapSpecification { Map = FeatureMapKind.Complement }));
        table = table with { Data = table.Data with { Test = [table.Data.Train[0] with { Path = bad, Removed = [new(0, 9), new(20, 20)] }] } };
        var failure = (await silo.RunAsync(table)).Failure; // row 189 of those left, the 62nd of its worker
        Assert.Equal(JobStage.Refine, failure?.Stage);
        Assert.Contains("bad.csv line 202 column 'u' is 2.5", failure!.Cause);

        JobSpecification With(SourceSpecification train)
        {
            var specification = Averaging(SmallImages.Bins);
            return specification with { Data = specification.Data with { Train = [train] } };
        }
    }

    [Fact]
    public async Task Tables_of_numbers_one_block_one_class_and_no_evaluation_are_refined_as_well()
    {
        using var folder = new TemporaryFolder();
        var random = new Random(3);
        var path = folder.Write("table.csv", "u,v,w,kind\n" + string.Concat(Enumerable.Range(0, 400).Select(_ =>
        {
            var kind = random.Next(3);
            return string.Create(CultureInfo.InvariantCulture, $"{random.NextDouble() + (kind == 0 ? 1 : 0)},{random.NextDouble() + (kind == 1 ? 1 : 0)},{random.NextDouble()},{"abc"[kind]}\n");
        })));
        var single = folder.Write("single.csv", "u,kind\n" + string.Concat(Enumerable.Range(0, 300).Select(i => $"{i % 5},{"abc"[i % 5 / 2]}\n")));
        var same = folder.Write("same.csv", "u,v,kind\n" + string.Concat(Enumerable.Range(0, 300).Select(i => $"{i % 5},{i % 3},only\n")));
        await using var silo = await TestSilo.StartAsync(_images.Store);

        var table = Over(path, Averaging(SmallImages.Pixels));
        var numbers = await silo.SolveAsync(table);
        Assert.True(numbers.Train!.CrossEntropy < numbers.Refinement[0].TrainCrossEntropy + 1e-9, string.Join('\n', numbers.Refinement));
        Assert.Equal(numbers.WeightsSha256, (await silo.SolveAsync(table with { Data = table.Data with { ShardRows = 130 } })).WeightsSha256);
        var unseen = await silo.SolveAsync(table with { Evaluate = EvaluateRows.None });
        Assert.Equal((numbers.WeightsSha256, null), (unseen.WeightsSha256, unseen.Test));

        var bins = SmallImages.Bins with { Levels = [1, 2, 3, 4] };
        var block = await silo.SolveAsync(Over(single, Averaging(bins)));
        Assert.InRange(block.Train!.Accuracy, 0.99, 1);
        Assert.InRange((await silo.SolveAsync(Over(single, Sweeps(bins)))).Train!.Accuracy, 0.99, 1);

        Assert.Equal(0, (await silo.SolveAsync(Over(same, Averaging(SmallImages.Pixels)))).Train!.CrossEntropy);
        Assert.Equal(0, (await silo.SolveAsync(Over(same, Averaging(bins)))).Train!.CrossEntropy);
        Assert.Equal(0, (await silo.SolveAsync(Over(same, Sweeps(bins)))).Train!.CrossEntropy);
    }

    private JobSpecification Averaging(FeatureMapSpecification features) => _images.Specification(features) with
    {
        Refine = new RefineSpecification { Method = RefineMethod.Averaging, Workers = 3, Averaging = new AveragingSpecification { Rounds = 3, Batch = 16, LearningRate = 0.01 } },
    };

    private JobSpecification Sweeps(FeatureMapSpecification features) => _images.Specification(features) with
    {
        Refine = new RefineSpecification { Method = RefineMethod.Sweeps, Workers = 3, Sweeps = new SweepSpecification { Sweeps = 4, Average = 1, Damping = 1 } },
    };

    private static JobSpecification Over(string table, JobSpecification specification) => specification with
    {
        Data = new DataSpecification { Train = [new SourceSpecification { Format = SourceFormat.Csv, Path = table, LabelColumn = "kind" }] },
    };
}
