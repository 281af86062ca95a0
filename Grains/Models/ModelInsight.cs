using ExplicitCluster.Abstractions.Errors;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Layers;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Grains.Models;

/// <summary>
/// Where a model's weights come from, read off the statistics they were solved from. A weight counts as its distance from the mean over
/// classes, which is all that a softmax sees; the contribution of an input to a class is that weight times the mean share that the input has in
/// the training rows of the class: the nats that it adds to the class's score in an average row of the class.
/// </summary>
public sealed class ModelInsight
{
    private readonly TrainedModel _model;
    private readonly CountTable _counts;

    private ModelInsight(TrainedModel model, CountTable counts) => (_model, _counts) = (model, counts);

    /// <exception cref="JobException">The statistics are no longer in the store.</exception>
    public static async Task<ModelInsight> LoadAsync(IArtifactStore store, TrainedModel model, CancellationToken cancellationToken) =>
        new(model, await ModelStatistics.LoadAsync(store, model.Description, cancellationToken));

    /// <summary>The same statistics under other weights on the same inputs.</summary>
    public ModelInsight With(TrainedModel other) => new(other, _counts);

    /// <summary>The explicit solution that the model was refined from, or would have been; null where it was not refined.</summary>
    public TrainedModel? Unrefined() => UnrefinedModel.Of(_model, _counts);

    /// <summary>How far the model's weights are from another's, and the inputs that moved most a class; null where they have nothing in common.</summary>
    public WeightMovement? MovementFrom(TrainedModel other, int most) => WeightMovement.Of(other, _model, _counts, most);

    /// <summary>The inputs that contribute most to class c, largest first.</summary>
    public IReadOnlyList<InputContribution> Strongest(int c, int most) =>
        [.. Contributions(c).OrderByDescending(input => input.Contribution).ThenBy(input => input.Input).Take(most)];

    /// <summary>
    /// One value a position for class c: the distance of the position's weight from the mean over classes for pixels (complement: of the value
    /// minus of its complement; probabilities of a layer below: the mean over what stands for the class), the mean contribution of the position for blocks; a block of several cells or windows
    /// shares its contribution evenly among them. (Height, Width), row-major.
    /// </summary>
    public double[] Picture(MapLayout map, int c)
    {
        var (width, height) = SizeOf(map);
        var picture = new double[width * height];
        if (map.Blocks > 0)
        {
            var codes = map.Inputs / map.Blocks;
            var (places, count) = PlacesOf(map);
            foreach (var input in Contributions(c))
            {
                if (input.Input < map.FirstInput || input.Input >= map.FirstInput + map.Inputs)
                    continue;
                var block = (input.Input - map.FirstInput) / codes;
                for (var i = block * count; i < (block + 1) * count; i++)
                    picture[places is null ? i : places[i]] += input.Contribution / count;
            }
            return picture;
        }
        if (MapOf(map) is SoftmaxMap layer)
        {
            var planes = PlanesOf(layer.Targets, c);
            for (var i = 0; i < picture.Length; i++)
                picture[i] = planes.Average(plane => Centred(map.FirstInput + plane * picture.Length + i, c));
            return picture;
        }
        for (var i = 0; i < picture.Length; i++)
        {
            picture[i] = Centred(map.FirstInput + i, c);
            if (map.Inputs == 2 * picture.Length)
                picture[i] -= Centred(map.FirstInput + picture.Length + i, c);
        }
        return picture;
    }

    /// <summary>Positions of a map across and down, for orientations cells, for a layer its windows; a table is one row.</summary>
    public (int Width, int Height) SizeOf(MapLayout map)
    {
        if (MapOf(map) is ILayerMap layer)
            return layer.Windows.Windows;
        var shape = _model.Encoder.Shape;
        if (!shape.IsImage)
            return (shape.Columns, 1);
        if (MapOf(map) is OrientationMap orientations)
            return orientations.GridOf(shape);
        if (map.Blocks == 0 || map.Blocks == shape.Columns)
            return (shape.Width, shape.Height);
        var feature = _model.Description.Encoding.Features[IndexOf(map)];
        return ((shape.Width - feature.Width) / feature.Stride + 1, (shape.Height - feature.Height) / feature.Stride + 1);
    }

    /// <summary>Where the picture shows a map's blocks: Count positions a block; null where block i is position i.</summary>
    private (int[]? Places, int Count) PlacesOf(MapLayout map) => MapOf(map) switch
    {
        OrientationMap orientations => (orientations.CellsOf(_model.Encoder.Shape), orientations.CellsOfBlock),
        WindowClassMap layer => ([.. Enumerable.Range(0, layer.Blocks).SelectMany(layer.WindowsOf)], layer.WindowsOf(0).Count),
        _ => (null, 1),
    };

    /// <summary>The planes of a layer's probabilities that speak for a class: its own, those of its sub-classes, or of the bits that its code has.</summary>
    private int[] PlanesOf(LayerTargets targets, int c)
    {
        var subclasses = targets.Problems == 1 ? targets.Choices / _model.Classes : 1;
        return [.. Enumerable.Range(c * subclasses, subclasses).SelectMany(target => Enumerable.Range(0, targets.Problems).Select(problem => targets.ColumnOf(target, problem)))];
    }

    private FeatureMap MapOf(MapLayout map) => _model.Encoder.Maps[IndexOf(map)];

    private int IndexOf(MapLayout map) => _model.Encoder.Layout.Maps.ToList().IndexOf(map);

    private IEnumerable<InputContribution> Contributions(int c)
    {
        var layout = _model.Encoder.Layout;
        var rows = _model.Description.Lineage.Statistics.ClassRows[c];
        for (var i = 0; i < _counts.Seen.Length; i++)
        {
            var count = _counts.Row(i)[c];
            if (count == 0)
                continue;
            var unit = layout.Groups[layout.Locate(_counts.Seen[i]).Group].Unit;
            var share = (double)count / unit / rows;
            yield return new InputContribution(_counts.Seen[i], share, Centred(_counts.Seen[i], c) * share);
        }
    }

    private double Centred(int input, int c)
    {
        var weights = _model.WeightsOf(input);
        var sum = 0.0;
        foreach (var weight in weights)
            sum += weight;
        return weights[c] - sum / weights.Length;
    }
}
