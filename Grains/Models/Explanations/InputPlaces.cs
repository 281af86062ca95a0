using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Numerics.Encodings;

namespace ExplicitCluster.Grains.Models.Explanations;

/// <summary>Where the inputs of images lie.</summary>
public static class InputPlaces
{
    /// <summary>What each pixel adds: an input's contribution is shared evenly among its pixels. (Height, Width), row-major.</summary>
    public static double[] HeatOf(Explanation explanation)
    {
        var heat = new double[explanation.Row.Model.Encoder.Shape.Columns];
        var places = explanation.Row.Model.Encoder.Maps.Select(map => map is OrientationMap orientations ? orientations.CellsOf(explanation.Row.Model.Encoder.Shape) : []).ToArray();
        foreach (var input in explanation.Inputs)
        {
            var pixels = PixelsOf(explanation.Row.Model, places, input.Input);
            foreach (var pixel in pixels)
                heat[pixel] += input.Contribution / pixels.Count;
        }
        return heat;
    }

    private static List<int> PixelsOf(TrainedModel model, int[][] cells, int input)
    {
        var index = model.MapOf(input);
        var (map, feature, shape) = (model.Encoder.Layout.Maps[index], model.Description.Encoding.Features[index], model.Encoder.Shape);
        var local = input - map.FirstInput;
        if (map.Blocks == 0)
            return [local % shape.Columns];
        var block = local / (map.Inputs / map.Blocks);
        if (model.Encoder.Maps[index] is OrientationMap orientations)
        {
            var (grid, _) = orientations.GridOf(shape);
            return [.. cells[index].Skip(block * orientations.CellsOfBlock).Take(orientations.CellsOfBlock).SelectMany(cell => Window(cell, grid, feature.Stride, feature.Cell, feature.Cell))];
        }
        if (feature.Map != FeatureMapKind.Patches)
            return [block];
        return [.. Window(block, (shape.Width - feature.Width) / feature.Stride + 1, feature.Stride, feature.Width, feature.Height)];

        IEnumerable<int> Window(int place, int across, int stride, int width, int height) => Enumerable.Range(0, width * height)
            .Select(i => (place / across * stride + i / width) * shape.Width + place % across * stride + i % width);
    }
}
