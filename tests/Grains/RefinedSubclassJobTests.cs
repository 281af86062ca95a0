using System.IO.Hashing;
using System.Runtime.InteropServices;
using ExplicitCluster.Abstractions.Models;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Data.Formats;
using ExplicitCluster.Data.Sources;
using ExplicitCluster.Grains.Layers;
using ExplicitCluster.Grains.Models;
using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Layers;
using ExplicitCluster.Numerics.Selection;
using ExplicitCluster.Numerics.Solution;
using ExplicitCluster.Numerics.Statistics;
using ExplicitCluster.Testing;

namespace ExplicitCluster.Grains.Tests;

/// <summary>Layers of sub-classes that are refined, each row's target being the sub-class that was found for it.</summary>
public sealed class RefinedSubclassJobTests : IDisposable
{
    private const int Count = 3;
    private const double Alpha = .05;

    private readonly SmallImages _images = new(wrong: 0.2);

    public void Dispose() => _images.Dispose();

    private static FeatureMapSpecification LayerMap { get; } = new() { Map = FeatureMapKind.Layer, Number = 1 };

    private static RefineSpecification Swept { get; } = new()
    {
        Method = RefineMethod.Sweeps,
        Workers = 3,
        Sweeps = new SweepSpecification { Sweeps = 2, BlocksPerChunk = 10, Start = SweepStart.Explicit, Stop = false },
    };

    private static RefineSpecification Averaged { get; } = new()
    {
        Method = RefineMethod.Averaging,
        Workers = 3,
        Averaging = new AveragingSpecification { Rounds = 2, Batch = 16, LearningRate = 0.005 },
    };

    private static LayerSpecification Blocks { get; } = new()
    {
        Features = [SmallImages.Bins],
        Windows = new WindowSpecification(4, 4, 2),
        Solve = new SolveSpecification { K = [1], Alpha = [Alpha] },
    };

    private static LayerSpecification Dense { get; } = Blocks with { Features = [SmallImages.Pixels], Activation = LayerActivation.Softmax };

    /// <summary>The twin: the same rows with their sub-classes for labels, and nothing hidden.</summary>
    [Fact]
    public async Task A_layer_is_refined_to_the_bit_as_one_whose_labels_are_its_sub_classes()
    {
        await using var silo = await TestSilo.StartAsync(_images.Store);
        foreach (var layer in new[] { Blocks with { Refine = Swept }, Blocks with { Refine = Averaged }, Dense with { Refine = Averaged } })
        {
            var (targets, start) = await FindAsync(silo, layer);
            var hidden = (await silo.SolveAsync(_images.Specification(LayerMap) with { Layers = [layer with { Targets = Kinds(Count) }] })).Layers[0];
            var told = _images.Specification(LayerMap) with { Data = new DataSpecification { Train = [_images.Relabelled("told", targets)], ShardRows = 41 }, Layers = [layer], Evaluate = EvaluateRows.None };
            var plain = (await silo.SolveAsync(told)).Layers[0];
            Assert.Equal(plain.Refined!.Sha256, hidden.Refined!.Sha256);
            Assert.Equal(plain.Refined.Step, hidden.Refined.Step);
            Assert.Equal(plain.Refined.Rounds.Select(round => round.TrainCrossEntropy), hidden.Refined.Rounds.Select(round => round.TrainCrossEntropy));
            Assert.True(hidden.Refined.Rounds[1].TrainCrossEntropy < hidden.Refined.Rounds[0].TrainCrossEntropy, string.Join(' ', hidden.Refined.Rounds));
            Assert.True(hidden.Refined.Rounds[0].TrainCrossEntropy < .9 * start, $"{start}, then {string.Join(' ', hidden.Refined.Rounds)}");
            Assert.All(hidden.Refined.Rounds, round => Assert.Null(round.TestCrossEntropy)); // test rows have no sub-classes
        }
    }

    [Fact]
    public async Task Codes_of_labels_are_refined_bit_by_bit()
    {
        await using var silo = await TestSilo.StartAsync(_images.Store);
        foreach (var layer in new[] { Blocks, Dense })
        {
            var codes = _images.Specification(LayerMap) with { Layers = [layer with { Refine = Averaged, Targets = new HiddenTargetSpecification { Code = 3, Seed = 5 } }] };
            var result = await silo.SolveAsync(codes);
            var refined = Assert.Single(result.Layers).Refined!;
            Assert.True(refined.Rounds[1].TrainCrossEntropy < refined.Rounds[0].TrainCrossEntropy, string.Join(' ', refined.Rounds));
            Assert.All(refined.Rounds, round => Assert.Null(round.TestAccuracy));
            var again = await silo.SolveAsync(codes with { Data = codes.Data with { ShardRows = 41 } });
            Assert.Equal((refined.Sha256, result.WeightsSha256), (again.Layers[0].Refined!.Sha256, again.WeightsSha256));
            var other = await silo.SolveAsync(codes with { Layers = [codes.Layers[0] with { Targets = new HiddenTargetSpecification { Code = 3, Seed = 6 } }] });
            Assert.NotEqual(refined.Sha256, other.Layers[0].Refined!.Sha256);
            var report = await silo.Grains.GetGrain<IModelGrain>(result.Model).EvaluateAsync([_images.TestSource]);
            Assert.Equal(result.Test!.CrossEntropy, report.CrossEntropy);
        }
    }

    [Fact]
    public async Task Sub_classes_without_rows_take_no_part()
    {
        const int many = 40;
        await using var silo = await TestSilo.StartAsync(_images.Store);
        var fromPrior = Swept with { Sweeps = Swept.Sweeps with { Start = SweepStart.Prior } };
        foreach (var layer in new[] { Blocks with { Refine = fromPrior }, Dense with { Refine = Averaged } })
        {
            var result = await silo.SolveAsync(_images.Specification(LayerMap) with { Layers = [layer with { Windows = null, Targets = Kinds(many) }], Evaluate = EvaluateRows.Test });
            var refined = result.Layers[0].Refined!;
            Assert.True(refined.Rounds[1].TrainCrossEntropy < refined.Rounds[0].TrainCrossEntropy, string.Join(' ', refined.Rounds));
            var model = await ModelFolder.ReadAsync(silo.Store, result.ModelPath, CancellationToken.None);
            var solved = LayerMaps.AllOf(model.Encoding.Features).Single();
            Assert.Equal(Alpha, LayerMaps.SubclassesOf(solved).Alpha); // what is above tells rows apart as the passes did
            var rows = solved.Merged.ClassRows;
            Assert.Contains(0, rows);
            var tensors = await SafetensorsFile.ReadAsync(silo.Store, ModelFolder.LayerName(result.ModelPath, 1), model.Layers[0], CancellationToken.None);
            var moves = MemoryMarshal.Cast<byte, double>(tensors.Single(tensor => tensor.Name == "moves").Data.Span).ToArray();
            Assert.All(Enumerable.Range(0, rows.Length), c => Assert.Equal(rows[c] > 0, moves.Where((_, i) => i % rows.Length == c).Any(move => move != 0)));
        }
    }

    [Fact]
    public async Task A_row_of_zero_norm_that_is_alone_in_its_sub_class_has_one_that_is_refined()
    {
        const int size = SmallImages.Side * SmallImages.Side;
        byte[][] rows = [[.. Enumerable.Range(1, size).Select(i => (byte)i)], [.. Enumerable.Range(1, size).Select(i => (byte)i)], new byte[size], [.. Enumerable.Range(1, size).Select(i => (byte)(200 - i))]];
        await File.WriteAllBytesAsync(_images["zero-images"], IdxFile.Images(rows.Length, SmallImages.Side, SmallImages.Side, [.. rows.SelectMany(row => row)]), TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(_images["zero-labels"], IdxFile.Labels([0, 0, 0, 1]), TestContext.Current.CancellationToken);
        var second = Enumerable.Range(1, 100).First(seed => XxHash3.HashToUInt64(rows[0], seed) % 2 == 1); // where equal rows stay together
        var specification = _images.Specification(LayerMap) with
        {
            Data = new DataSpecification { Train = [new SourceSpecification { Format = SourceFormat.Idx, Images = _images["zero-images"], Labels = _images["zero-labels"] }] },
            Layers = [Dense with { Windows = null, Refine = Averaged, Targets = new HiddenTargetSpecification { Subclasses = 2, Passes = 1, Seed = second } }],
            Solve = new SolveSpecification { K = [1], Alpha = [.01] },
            Evaluate = EvaluateRows.None,
        };
        await using var silo = await TestSilo.StartAsync(_images.Store);
        var result = await silo.SolveAsync(specification);
        var model = await ModelFolder.ReadAsync(silo.Store, result.ModelPath, CancellationToken.None);
        Assert.Equal([0, 2], LayerMaps.AllOf(model.Encoding.Features).Single().Merged.ClassRows[..2]);
        Assert.True(double.IsFinite(result.Layers[0].Refined!.Rounds[1].TrainCrossEntropy));
    }

    private static HiddenTargetSpecification Kinds(int count) => new() { Subclasses = count, Passes = 2, Seed = 2 };

    /// <summary>The sub-classes that the bare library finds, and the loss by leave-one-out of the explicit solution on them.</summary>
    private async Task<(int[] Targets, double Start)> FindAsync(TestSilo silo, LayerSpecification layer)
    {
        var reader = new SourceReader(silo.Store);
        var source = await reader.OpenAsync(_images.TrainSource, labelsRequired: true, CancellationToken.None);
        var rows = await reader.ReadAsync(source, 0, SmallImages.Train, CancellationToken.None);
        FeatureMap map = layer.Activation == LayerActivation.Softmax ? new PixelMap() : new BinsMap([60, 120]);
        var below = new RowEncoder([map], source.Shape);
        var (dense, blocks) = map is BlockMap ? (null, below.EncodeBlocks(rows.Rows)) : (below.EncodeDense(rows.Rows), (BlockRows?)null);
        var tables = new List<ILayerScores>();
        while (true)
        {
            var found = new Subclasses(Count, 2, [.. tables]);
            var targets = dense is null ? found.Of(rows.Rows, blocks!, rows.Labels) : found.Of(rows.Rows, dense, rows.Labels);
            var statistics = dense is null ? BlockStatistics.Accumulate(blocks!, targets, 3 * Count) : DenseStatistics.Accumulate(dense, targets, 3 * Count);
            var totals = new ClassTotals(statistics.ClassRows, statistics.ClassMass);
            if (tables.Count == 2)
            {
                var grid = dense is null
                    ? new BlockLeaveOneOut(below.Layout, statistics.Counts, totals, layer.Solve.K, layer.Solve.Alpha, 0).Score(blocks!, targets, CancellationToken.None)
                    : new DenseLeaveOneOut(below.Layout, statistics.Counts, totals, layer.Solve.K, layer.Solve.Alpha, 0).Score(dense, targets, CancellationToken.None);
                return (targets, grid.CrossEntropy(0, 0));
            }
            var whole = WindowGrid.Whole(below.Layout);
            tables.Add(dense is null ? new WindowScores(below.Layout, whole, statistics.Counts, totals, Alpha) : new DenseWindowScores(below.Layout, whole, statistics.Counts, totals, Alpha));
        }
    }
}
