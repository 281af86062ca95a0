using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Data.Sources;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Layers;
using ExplicitCluster.Numerics.Metrics;
using ExplicitCluster.Numerics.Scoring;
using ExplicitCluster.Numerics.Selection;
using ExplicitCluster.Numerics.Solution;
using ExplicitCluster.Numerics.Statistics;
using ExplicitCluster.Testing;

namespace ExplicitCluster.EndToEnd.Tests.Fashion;

/// <summary>The stacked layer of the example fashion-stacked against the integers and figures that an independent implementation gives.</summary>
public sealed class StackedChecksumTests : IDisposable
{
    private readonly TemporaryFolder _store = new();

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task Window_classes_triples_and_figures_are_those_of_the_reference()
    {
        var (train, trainLabels) = await ReadAsync(FashionMnist.TrainImages, FashionMnist.TrainLabels);
        var (test, testLabels) = await ReadAsync(FashionMnist.TestImages, FashionMnist.TestLabels);
        var below = new RowEncoder([new PatchMap(2, 2, [16, 80, 160], stride: 1)], train.Shape);
        var windows = new WindowGrid((27, 27), (9, 9), 3);
        var triples = WindowTuples.Draw(windows.Count, 3, 400, 1);
        Assert.Equal([2, 28, 15, 28, 5, 44, 28, 10, 29, 11, 36, 44], triples.Take(4).SelectMany(windows => windows));
        Assert.Equal(27531, triples.Sum(windows => windows.Sum()));

        var first = BlockStatistics.Accumulate(below.EncodeBlocks(train), trainLabels, 10);
        var scores = new WindowScores(below.Layout, windows, first.Counts, TotalsOf(first), .05);
        var classes = new RowEncoder([new WindowClassMap(below, windows, null, LayerTargets.OfClasses(10), scores)], train.Shape);
        var (trainClasses, testClasses) = (classes.EncodeBlocks(train, trainLabels, null), classes.EncodeBlocks(test));
        Assert.Equal((13591316, 2275100), (SumOf(trainClasses), SumOf(testClasses)));
        var encoder = new RowEncoder([new WindowClassMap(below, windows, triples, LayerTargets.OfClasses(10), scores)], train.Shape);
        var (trainTriples, testTriples) = (TriplesOf(trainClasses, triples, encoder.Layout), encoder.EncodeBlocks(test));
        Assert.Equal((12333601283, 2064211695), (SumOf(trainTriples), SumOf(testTriples)));

        var second = BlockStatistics.Accumulate(trainTriples, trainLabels, 10);
        var choice = new BlockLeaveOneOut(encoder.Layout, second.Counts, TotalsOf(second), [1, 2], [.1], beta: 0)
            .Score(trainTriples, trainLabels, TestContext.Current.CancellationToken);
        Assert.Equal((1, .511387), (choice.Choose().K, Math.Round(choice.CrossEntropy(0, 0), 6)));
        var solution = new ExplicitSolution(encoder.Layout, TotalsOf(second), new SolveSettings(1, .1, 0));
        var layer = new BlockLayer(encoder.Layout, 10, solution.Bias(), [.. Enumerable.Range(0, encoder.Layout.Inputs)], solution.All(second.Counts));
        var (evaluation, output) = (new Evaluation(10), new double[test.Count * 10]);
        layer.Score(testTriples, 0, test.Count, output);
        evaluation.Add(output, testLabels);
        Assert.Equal(.8116, evaluation.Accuracy, .0002);
        Assert.Equal(.525442, evaluation.CrossEntropy, .000002);
    }

    private async Task<(RawRows Rows, int[] Labels)> ReadAsync(string images, string labels)
    {
        var reader = new SourceReader(new FolderArtifactStore(_store.Path));
        var specification = new SourceSpecification { Format = SourceFormat.Idx, Images = images, Labels = labels };
        var source = await reader.OpenAsync(specification, labelsRequired: true, TestContext.Current.CancellationToken);
        var rows = await reader.ReadAsync(source, 0, (int)source.Rows, TestContext.Current.CancellationToken);
        return (rows.Rows, rows.Labels);
    }

    private static ClassTotals TotalsOf(SufficientStatistics statistics) => new(statistics.ClassRows, statistics.ClassMass);

    /// <summary>Codes of the triples by their definition, so that the rows are scored once.</summary>
    private static BlockRows TriplesOf(BlockRows classes, int[][] triples, RowLayout layout)
    {
        var codes = new BlockRows(layout, classes.Count);
        for (var block = 0; block < triples.Length; block++)
        {
            var (i, j, k) = (triples[block][0], triples[block][1], triples[block][2]);
            var to = codes.Block(block);
            for (var m = 0; m < to.Length; m++)
                to[m] = (ushort)(100 * classes.Block(i)[m] + 10 * classes.Block(j)[m] + classes.Block(k)[m]);
        }
        return codes;
    }

    private static long SumOf(BlockRows codes)
    {
        var sum = 0L;
        for (var block = 0; block < codes.Layout.Blocks; block++)
        {
            foreach (var code in codes.Block(block))
                sum += code;
        }
        return sum;
    }
}
