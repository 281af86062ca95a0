using ExplicitCluster.Abstractions.Reduction;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Grains.Layers;
using ExplicitCluster.Numerics.Encodings;

namespace ExplicitCluster.Grains.Shards;

/// <summary>From a specification's feature maps to Numerics'.</summary>
public static class FeatureMaps
{
    /// <param name="features">The maps.</param>
    /// <param name="shape">The shape of a raw row.</param>
    /// <param name="byGroup">Whether each map is a group of its own, so that dense maps and blocks may meet.</param>
    /// <exception cref="FeatureException">A map that does not suit the rows, or maps that do not fit each other.</exception>
    public static RowEncoder EncoderOf(IEnumerable<FeatureMapSpecification> features, RowShape shape, bool byGroup = false) => shape.Columns > 0 || features.All(feature => feature.Map == FeatureMapKind.Layer)
        ? byGroup ? RowEncoder.Mixed([.. features.Select(feature => EncoderOf([feature], shape))]) : new([.. features.Select(feature => MapOf(feature, shape))], shape)
        : throw new FeatureException("the rows are texts or sparse, and the feature maps take images and tables", "use sources of images or of columns of numbers with these maps");

    /// <inheritdoc cref="EncoderOf(IEnumerable{FeatureMapSpecification}, RowShape, bool)"/>
    public static RowEncoder EncoderOf(RowLayoutKey key) => EncoderOf(key.Features, key.Shape(), key.ByGroup);

    /// <summary>The shape of a raw row.</summary>
    public static RowShape Shape(this RowLayoutKey key) => new(key.Columns, key.Width, key.Height, key.IsBytes);

    public static RowLayoutKey KeyOf(IEnumerable<FeatureMapSpecification> features, RowShape shape) =>
        new([.. features], shape.Columns, shape.Width, shape.Height, shape.IsBytes);

    /// <summary>One map; of a layer only what is known without its tables.</summary>
    public static FeatureMap MapOf(FeatureMapSpecification feature, RowShape shape) => feature.Map switch
    {
        FeatureMapKind.Pixels => new PixelMap(),
        FeatureMapKind.Complement => new ComplementMap(),
        FeatureMapKind.Bins => new BinsMap(feature.Levels),
        FeatureMapKind.Patches => new PatchMap(feature.Width, feature.Height, feature.Levels, feature.Stride),
        FeatureMapKind.Layer => LayerMaps.OutlineOf(feature, shape),
        FeatureMapKind.Orientations => new OrientationMap(SettingsOf(feature)),
        _ => throw new FeatureException($"the map '{feature.Map}' is not known to this silo", "upgrade the silo to the client's version"),
    };

    private static OrientationSettings SettingsOf(FeatureMapSpecification feature) => new(
        feature.Cell,
        feature.Stride,
        feature.Bins,
        feature.Thresholds[0],
        feature.Thresholds[1],
        [.. feature.Shapes.Select(shape => (shape.Height, shape.Width))],
        feature.Distance);
}
