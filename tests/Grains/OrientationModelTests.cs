using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Grains.Jobs;
using ExplicitCluster.Grains.Models;

namespace ExplicitCluster.Grains.Tests;

public sealed class OrientationModelTests : IDisposable
{
    private static readonly FeatureMapSpecification[] OneSettingChanged =
    [
        SmallImages.Orientations with { Cell = 4 },
        SmallImages.Orientations with { Stride = 1 },
        SmallImages.Orientations with { Bins = 4 },
        SmallImages.Orientations with { Thresholds = [4, 17] },
        SmallImages.Orientations with { Shapes = [new CellShape(2, 1), new CellShape(1, 2)] },
        SmallImages.Orientations with { Distance = 2 },
    ];

    private readonly SmallImages _images = new();

    public void Dispose() => _images.Dispose();

    [Fact]
    public async Task A_model_of_orientations_predicts_names_its_inputs_and_shows_its_cells()
    {
        await using var silo = await TestSilo.StartAsync(_images.Store);
        var result = await silo.SolveAsync(_images.Specification(SmallImages.Bins, SmallImages.Orientations));
        Assert.True(result.Test!.Accuracy > .9, $"accuracy {result.Test.Accuracy}");

        // Cells of 3 pixels, 2 apart, on 8 x 8 pixels: a grid of 3 x 3, with 2 x 3 pairs side by side and then 3 x 2 one above the other.
        var model = await TrainedModel.LoadAsync(silo.Store, result.ModelPath, TestContext.Current.CancellationToken);
        var map = model.Encoder.Layout.Maps[1];
        Assert.Equal((12, 12 * 17 * 17), (map.Blocks, map.Inputs));
        Assert.Equal("cells (0, 0) (0, 2): flat, flat", InputNames.Of(model, map.FirstInput));
        Assert.Equal("cells (2, 2) (2, 4): strong 90, weak 315", InputNames.Of(model, map.FirstInput + (3 * 17 + 6) * 17 + 15));
        Assert.Equal("cells (2, 4) (4, 4): weak 0, strong 180", InputNames.Of(model, map.FirstInput + (11 * 17 + 1) * 17 + 10));

        var insight = await ModelInsight.LoadAsync(silo.Store, model, TestContext.Current.CancellationToken);
        Assert.Equal((3, 3), insight.SizeOf(map));
        var ofMap = insight.Strongest(1, int.MaxValue).Where(input => input.Input >= map.FirstInput).ToList();
        Assert.Equal(ofMap.Sum(input => input.Contribution), insight.Picture(map, 1).Sum(), 1e-9);
        // Only the first pair of each shape has the cell in the corner.
        var corner = ofMap.Where(input => (input.Input - map.FirstInput) / (17 * 17) is 0 or 6).Sum(input => input.Contribution);
        Assert.Equal(corner / 2, insight.Picture(map, 1)[0], 1e-9);
    }

    [Fact]
    public void Every_setting_is_in_the_hash_of_the_statistics()
    {
        Assert.Equal(
            SpecificationHash.Sha256("explicit-statistics 1\norientations cell 3 stride 2 bins 8 thresholds 4 16 shapes 1x2 2x1 distance 1\n"),
            SpecificationHash.Of([SmallImages.Orientations]));
        var hashes = OneSettingChanged.Append(SmallImages.Orientations).Select(map => SpecificationHash.Of([map])).ToList();
        Assert.Equal(hashes.Count, hashes.Distinct().Count());
    }
}
