using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Models;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Grains.Models;
using ExplicitCluster.Numerics.Metrics;
using ExplicitCluster.Numerics.Solution;

namespace ExplicitCluster.Grains.Tests;

/// <summary>Classifiers of sparse rows as jobs, on a real silo in this process.</summary>
public sealed class SparseJobTests : IDisposable
{
    private static readonly SolveSpecification Given = new() { K = [3], Alpha = [0.01], Beta = 0.5 };

    private readonly SmallSparse _rows = new();

    public void Dispose() => _rows.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_job_gives_the_model_of_the_equations_and_its_figures(bool keepsNorms)
    {
        await using var silo = await TestSilo.StartAsync(_rows.Store);
        var result = await silo.SolveAsync(_rows.Specification(SmallSparse.AsTheyStand with { KeepsNorms = keepsNorms }, 50, Given));
        var model = await TrainedModel.LoadAsync(silo.Store, result.ModelPath, TestContext.Current.CancellationToken);

        int[] seen = [.. _rows.Train.SelectMany(row => row.Values).Select(value => value.Index).Distinct().Order()];
        var f = new double[seen.Length, 3];
        foreach (var (label, values) in _rows.Train)
        {
            var norm = keepsNorms ? 1 : values.Sum(value => (double)value.Value);
            foreach (var (index, value) in values)
                f[Array.BinarySearch(seen, index), label[0] - '0'] += value / norm;
        }
        // The prior stands in the bias, so that U is taken without it.
        var u = ExplicitSolution.SolvePlain(f, new SolveSettings(3, 0.01, 1e9));
        Assert.Equal((seen.Length, 3), (result.Inputs, result.Outputs));
        var shift = 3 * u[0, 0] - model.WeightsOf(0)[0];
        for (var j = 0; j < seen.Length; j++)
        {
            Assert.Equal($"index {seen[j]}", InputNames.Of(model, j));
            for (var c = 0; c < 3; c++)
                Assert.Equal(3 * u[j, c] - shift, model.WeightsOf(j)[c], 1e-3);
        }

        var grain = silo.Grains.GetGrain<IModelGrain>(result.Model);
        var report = await grain.EvaluateAsync([_rows.Source("test.svm")]);
        Assert.Equal((SmallSparse.TestRows, result.Test!.CrossEntropy), ((int)report.Rows, report.CrossEntropy));
        Assert.InRange(report.Accuracy, 0.6, 1);
        var batch = await grain.PredictAsync([_rows.Source("test.svm")]).SingleAsync(TestContext.Current.CancellationToken);
        var right = Enumerable.Range(0, SmallSparse.TestRows).Count(m => $"{Softmax.Best(batch.Probabilities.AsSpan(3 * m, 3))}" == _rows.Test[m].Label);
        Assert.Equal(report.Accuracy, (double)right / SmallSparse.TestRows, 12);
    }

    [Fact]
    public async Task K_alpha_and_temperatures_are_chosen_alike_whatever_the_shards_and_without_removed_rows()
    {
        await using var silo = await TestSilo.StartAsync(_rows.Store);
        _rows.Write("less.svm", 1, SmallSparse.TrainRows, row => row is < 10 or > 29);
        var counted = new TextSpecification { Groups = [new FeatureGroupSpecification { Map = FeatureGroupKind.Sparse, Counts = FeatureCounts.Log, MinRows = 2 }] };
        foreach (var text in new[] { counted, counted with { Temperatures = new TemperatureSpecification() } })
        {
            var less = _rows.Specification(text, 1000);
            var expected = await silo.SolveAsync(less with { Data = less.Data with { Train = [_rows.Source("less.svm")] } });
            Assert.Equal(text.Temperatures is null, expected.ChosenOnHeldOut);
            Assert.InRange(expected.Test!.Accuracy, 0.6, 1);
            var cut = _rows.Specification(text, 37);
            var result = await silo.SolveAsync(cut with { Data = cut.Data with { Train = [_rows.Source("train.svm") with { Removed = [new RemovedRows(10, 29)] }] } });
            Assert.Equal((expected.StatisticsSha256, expected.WeightsSha256), (result.StatisticsSha256, result.WeightsSha256));
        }
    }

    [Fact]
    public async Task Rows_and_features_that_do_not_go_together_and_values_out_of_range_end_the_job_in_a_line()
    {
        await using var silo = await TestSilo.StartAsync(_rows.Store);
        var specification = _rows.Specification(SmallSparse.AsTheyStand, 1000, Given);
        await FailsAsync(specification with { Text = SmallTexts.WordsAlone }, "train.svm holds sparse rows, and the features are of texts");
        File.WriteAllText(specification.Data.Train[0].Path!, "a 1:3000\nb 2:1\n");
        await FailsAsync(
            specification with { Text = SmallSparse.AsTheyStand with { KeepsNorms = true }, Evaluate = EvaluateRows.None },
            "train.svm, rows 0 to 1: a value of 3000, where values are not scaled to norm 1, is above 2047");

        async Task FailsAsync(JobSpecification job, string cause)
        {
            var record = await silo.RunAsync(job);
            Assert.Equal(JobStatus.Failed, record.Status);
            Assert.EndsWith(cause, record.Failure!.Cause, StringComparison.Ordinal);
        }
    }
}
