using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Grains.Models;

namespace ExplicitCluster.Grains.Tests;

/// <summary>Averaged SGD from the explicit solution of texts and of sparse rows.</summary>
public sealed class TextAveragingTests : IDisposable
{
    private static readonly SolveSpecification Given = new() { K = [3], Alpha = [0.01], Beta = 0.5 };
    private static readonly RefineSpecification Averaging = new()
    {
        Method = RefineMethod.Averaging,
        Workers = 2,
        Averaging = new AveragingSpecification { Rounds = 3, Batch = 16, LearningRate = 0.02 },
    };

    private readonly SmallTexts _texts = new();

    public void Dispose() => _texts.Dispose();

    [Fact]
    public async Task Rounds_lower_the_loss_of_texts_and_neither_shards_nor_silos_change_a_bit()
    {
        await using var first = await TestSilo.StartAsync(_texts.Store);
        var specification = _texts.Specification(SmallTexts.WordsAlone, 1000) with { Solve = Given, Refine = Averaging };
        var expected = await first.SolveAsync(specification);
        Assert.Equal(3, expected.Refinement.Length);
        Assert.True(expected.Refinement[^1].TrainCrossEntropy < 0.98 * expected.RefinementStart!.TrainCrossEntropy, $"{expected.RefinementStart.TrainCrossEntropy} became {expected.Refinement[^1].TrainCrossEntropy}");
        Assert.Equal(expected.Refinement[^1].TestCrossEntropy!.Value, expected.Test!.CrossEntropy, 1e-9);
        var unrefined = await first.SolveAsync(specification with { Refine = new RefineSpecification() });
        Assert.Equal(unrefined.Test!.CrossEntropy, expected.RefinementStart.TestCrossEntropy!.Value, 1e-4);

        await using var second = await TestSilo.JoinAsync(first, _texts.Store);
        await first.SeesAsync(2);
        await second.SeesAsync(2);
        var result = await second.SolveAsync(specification with { Data = specification.Data with { ShardRows = 37 } });
        Assert.Equal((2, expected.WeightsSha256, expected.Test.CrossEntropy), (result.Silos, result.WeightsSha256, result.Test!.CrossEntropy));
        Assert.NotNull((await ModelFolder.ReadAsync(first.Store, result.ModelPath, TestContext.Current.CancellationToken)).Lineage.Refinement);
    }

    [Fact]
    public async Task Sparse_rows_are_refined_with_held_out_rows_that_decide_and_unknown_test_labels_are_left_out()
    {
        using var rows = new SmallSparse();
        await using var silo = await TestSilo.StartAsync(rows.Store);
        File.AppendAllLines(rows.Source("test.svm").Path!, ["9 1:1"]);
        var specification = rows.Specification(SmallSparse.AsTheyStand, 50, Given) with { Refine = Averaging with { Averaging = Averaging.Averaging with { HoldOut = true, Stop = 0 } } };
        var result = await silo.SolveAsync(specification);
        Assert.All(result.Refinement, round => Assert.NotNull(round.HeldOutCrossEntropy));
        var heldOut = (await ModelFolder.ReadAsync(silo.Store, result.ModelPath, TestContext.Current.CancellationToken)).Lineage.Refinement!.HeldOutRows;
        Assert.InRange(heldOut, 5, 60);
        Assert.Equal((SmallSparse.TrainRows - heldOut, SmallSparse.TestRows, 1), (result.Train!.Rows, result.Test!.Rows, result.Test.UnknownRows));
    }

    [Fact]
    public async Task Rows_with_weights_end_the_job_in_a_line()
    {
        await using var silo = await TestSilo.StartAsync(_texts.Store);
        File.WriteAllLines(_texts.Source("weighted.tsv").Path!, ["label\ttext\tvotes", "games\tcard game\t2", "text\tfont tool\t1"]);
        var specification = _texts.Specification(SmallTexts.WordsAlone, 100) with { Solve = Given, Refine = Averaging, Evaluate = EvaluateRows.None };
        var record = await silo.RunAsync(specification with { Data = specification.Data with { Train = [_texts.Source("weighted.tsv") with { WeightColumn = "votes" }], Test = [] } });
        Assert.Equal(JobStatus.Failed, record.Status);
        Assert.EndsWith("weighted.tsv has weights, and averaging takes rows that count alike", record.Failure!.Cause, StringComparison.Ordinal);
    }
}
