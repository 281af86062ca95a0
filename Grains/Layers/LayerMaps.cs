using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Reduction;
using ExplicitCluster.Abstractions.Shards;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Data.Sources;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Grains.Hosting;
using ExplicitCluster.Grains.Jobs;
using ExplicitCluster.Grains.Reduction;
using ExplicitCluster.Grains.Shards;
using ExplicitCluster.Grains.Texts;
using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Layers;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Grains.Layers;

/// <summary>From solved layers to maps that compute their activations, with all that they stand on.</summary>
public static class LayerMaps
{
    /// <summary>The features, with every layer that they stand on as it was solved.</summary>
    public static ImmutableArray<FeatureMapSpecification> Resolve(ImmutableArray<FeatureMapSpecification> features, IReadOnlyList<SolvedLayer> solved) =>
        [.. features.Select(feature => feature.Map == FeatureMapKind.Layer ? feature with { Solved = solved[feature.Number - 1] } : feature)];

    /// <summary>
    /// The features of every layer and of the top before any statistics are there: layers with as many classes as there are labels, which tells all
    /// layouts.
    /// </summary>
    public static (IReadOnlyList<SolvedLayer> Layers, ImmutableArray<FeatureMapSpecification> Features) Outline(JobSpecification specification, int classes)
    {
        var solved = new List<SolvedLayer>();
        string[] labels = [.. Enumerable.Range(0, classes).Select(label => $"{label}")];
        foreach (var layer in specification.Layers)
        {
            var settings = layer with { Features = Resolve(layer.Features, solved), Solve = layer.Solve with { K = [layer.Solve.K[0]], Alpha = [layer.Solve.Alpha[0]] } };
            var names = layer.Targets is { Subclasses: > 0 and var count } ? SubclassNames.Of(labels, count) : [.. labels];
            solved.Add(new SolvedLayer(solved.Count + 1, settings, new MergedStatistics("", names, [], 0, [], [], 0), ""));
        }
        return (solved, Resolve(specification.Features, solved));
    }

    /// <summary>The map of a layer without its tables: how many blocks of how many codes it makes.</summary>
    /// <exception cref="FeatureException">Windows, tuples and features do not go together.</exception>
    public static FeatureMap OutlineOf(FeatureMapSpecification feature, RowShape shape)
    {
        var layer = feature.Solved ?? throw new InvalidOperationException("The layer is not solved yet.");
        if (layer.Settings.Text is not { } text)
            return MapOf(layer, new LayerRows(FeatureMaps.EncoderOf(layer.Settings.Features, shape), null), null, null);
        if (shape != RowShape.Texts)
            throw new FeatureException($"the rows are {shape}, and layer {layer.Number} stands on {(text.IsSparse ? "sparse rows" : "texts")}", "use maps of numbers in the layer, or other sources");
        return MapOf(layer, new LayerRows(RowEncoder.OfSparse(TextFeatures.OutlineOf(text)), null), null, null);
    }

    /// <summary>What makes a shard's rows: sparse ones of a layer over texts, or those of <see cref="ShardWork.Features"/>.</summary>
    internal static async Task<LayerRows> RowsAsync(SharedArtifacts shared, IArtifactStore store, ShardWork work, CancellationToken cancellationToken) => work.Text is { } text
        ? await LayerRows.OfTextsAsync(shared, store, text.Specification, text.Vocabulary, cancellationToken)
        : new LayerRows(await EncoderAsync(shared, store, work.Features, work.Source.Shape, cancellationToken), null);

    /// <summary>The encoder of a job's rows; where layers are below, with their tables, which the grains of a silo share.</summary>
    internal static Task<RowEncoder> EncoderAsync(
        SharedArtifacts shared, IArtifactStore store, ImmutableArray<FeatureMapSpecification> features, RowShape shape, CancellationToken cancellationToken) =>
        LabelsOf(features).IsDefault
            ? Task.FromResult(FeatureMaps.EncoderOf(features, shape))
            : shared.GetAsync($"layers {SpecificationHash.Of(features)} {shape}", token => LoadAsync(features, shape, new JobLayerTables(shared, store), token), cancellationToken);

    /// <summary>The same with every map as a group of its own.</summary>
    internal static async Task<RowEncoder> MixedEncoderAsync(
        SharedArtifacts shared, IArtifactStore store, ImmutableArray<FeatureMapSpecification> features, RowShape shape, CancellationToken cancellationToken)
    {
        var groups = new List<RowEncoder>();
        foreach (var feature in features)
            groups.Add(await EncoderAsync(shared, store, [feature], shape, cancellationToken));
        return RowEncoder.Mixed(groups);
    }

    /// <summary>The encoder with the tables of all layers below.</summary>
    /// <param name="features">Features of solved layers.</param>
    /// <param name="shape">The shape of a raw row.</param>
    /// <param name="tables">Where the tables are read.</param>
    /// <param name="cancellationToken">Cancels between layers.</param>
    internal static Task<RowEncoder> LoadAsync(ImmutableArray<FeatureMapSpecification> features, RowShape shape, ILayerTables tables, CancellationToken cancellationToken) =>
        LoadAsync(features, shape, tables, [], cancellationToken);

    private static async Task<RowEncoder> LoadAsync(
        ImmutableArray<FeatureMapSpecification> features,
        RowShape shape,
        ILayerTables tables,
        Dictionary<int, FeatureMap> built, // by the layer's number: what several maps stand on is built once
        CancellationToken cancellationToken)
    {
        var maps = new List<FeatureMap>();
        foreach (var feature in features)
        {
            if (feature.Solved is not { } layer)
            {
                maps.Add(FeatureMaps.MapOf(feature, shape));
                continue;
            }
            if (!built.TryGetValue(layer.Number, out var map))
            {
                var below = layer.Settings.Text is null
                    ? new LayerRows(await LoadAsync(layer.Settings.Features, shape, tables, built, cancellationToken), null)
                    : await tables.TextsAsync(layer, cancellationToken);
                var subclasses = layer.Passes.IsDefaultOrEmpty ? null : await tables.SubclassesAsync(SubclassesOf(layer), below.Encoder.Layout, cancellationToken);
                var (counts, moves) = await tables.CountsAsync(layer, below.Encoder.Layout, cancellationToken);
                map = built[layer.Number] = MapOf(layer, below, counts, subclasses, moves);
            }
            maps.Add(map);
        }
        return new RowEncoder(maps, shape);
    }

    /// <summary>Rows of a layer's table: of blocks the inputs seen and one a block.</summary>
    internal static long RowsOf(RowLayout layout, CountTable counts) => layout.Kind == EncodingKind.Blocks ? (long)counts.Seen.Length + layout.Blocks : layout.Inputs;

    /// <summary>All layers that features stand on, from the bottom up.</summary>
    public static IEnumerable<SolvedLayer> AllOf(IEnumerable<FeatureMapSpecification> features) => features
        .Select(feature => feature.Solved).OfType<SolvedLayer>().SelectMany(layer => AllOf(layer.Settings.Features).Append(layer)).DistinctBy(layer => layer.Number).OrderBy(layer => layer.Number);

    /// <summary>The labels whose order numbers the classes of the layers below; default where there is none.</summary>
    public static ImmutableArray<string> LabelsOf(ImmutableArray<FeatureMapSpecification> features) =>
        features.FirstOrDefault(feature => feature.Solved is not null)?.Solved is { } layer ? SubclassNames.LabelsOf(layer) : default;

    /// <summary>How rows are told into the sub-classes of a layer that is solved.</summary>
    public static SubclassWork SubclassesOf(SolvedLayer layer) =>
        new(layer.Settings.Targets!.Subclasses, layer.Settings.Targets.Seed, layer.Settings.Solve.Alpha[0], layer.Passes);

    /// <summary>What a layer tells apart.</summary>
    /// <exception cref="FeatureException">Codes of too few bits for the labels.</exception>
    public static LayerTargets TargetsOf(SolvedLayer layer) => TargetsOf(layer.Settings.Targets, layer.Merged.Labels.Length);

    /// <summary>What labels, or sub-classes, are told apart by.</summary>
    /// <exception cref="FeatureException">Codes of too few bits for the labels.</exception>
    internal static LayerTargets TargetsOf(HiddenTargetSpecification? targets, int labels) => targets is { Code: > 0 and var bits, Seed: var seed }
        ? LayerTargets.OfCodes(LabelCodes.Draw(labels, bits, unchecked((ulong)seed)), bits)
        : LayerTargets.OfClasses(labels);

    private static FeatureMap MapOf(SolvedLayer layer, LayerRows rows, CountTable? counts, Subclasses? subclasses, LayerMoves? moves = null)
    {
        var (settings, below) = (layer.Settings, rows.Encoder);
        var windows = WindowsOf(layer, below);
        var tuples = settings.Tuples is { } drawn ? WindowTuples.Draw(windows.Count, drawn.Size, drawn.Count, unchecked((ulong)drawn.Seed)) : null;
        var (targets, solve) = (TargetsOf(layer), settings.Solve);
        ILayerScores? scores = null;
        if (counts is not null)
        {
            var totals = MergedTables.TotalsOf(layer.Merged);
            scores = below.Layout.Kind switch
            {
                EncodingKind.Blocks => new WindowScores(below.Layout, windows, counts, totals, solve.Alpha[0], targets, moves) { Subclasses = subclasses },
                EncodingKind.Sparse => new SparseWindowScores(below.Layout, windows, counts, totals, solve.Alpha[0], targets, moves) { Subclasses = subclasses, Vanishing = rows.Vanishing },
                _ => new DenseWindowScores(below.Layout, windows, counts, totals, solve.Alpha[0], targets, moves) { Subclasses = subclasses },
            };
        }
        return settings.Activation == LayerActivation.Softmax
            ? new SoftmaxMap(below, windows, targets, scores, solve.K[0], solve.Beta)
            : new WindowClassMap(below, windows, tuples, targets, scores);
    }

    /// <summary>Windows over the positions that all maps of the layer share; those of texts are the groups of features, in a line.</summary>
    private static WindowGrid WindowsOf(SolvedLayer layer, RowEncoder below)
    {
        if (layer.Settings.Windows is not { } size)
            return WindowGrid.Whole(below.Layout);
        if (layer.Settings.Text is { Groups.Length: var groups })
            return new WindowGrid((groups, 1), (size.Width, size.Height), size.Stride);
        var positions = below.Maps.Select(map => (map.Name, Positions: PositionsOf(map, below.Shape))).ToList();
        if (positions.Find(map => map.Positions is null) is { Name: { } name })
        {
            throw new FeatureException(
                $"windows of layer {layer.Number}: its map '{name}' lies on no grid",
                "use patches, bins or pixels of images, orientations of one shape, or a layer without tuples; or leave windows out, for one window over the row");
        }
        var first = positions[0].Positions!.Value;
        if (positions.Find(map => map.Positions != first) is { Name: { } other, Positions: { } grid })
        {
            throw new FeatureException(
                $"windows of layer {layer.Number}: its maps '{positions[0].Name}' and '{other}' have {first.Across} x {first.Down} and {grid.Across} x {grid.Down} positions",
                "use maps of as many positions, or a layer for each");
        }
        return new WindowGrid(first, (size.Width, size.Height), size.Stride);
    }

    private static (int Across, int Down)? PositionsOf(FeatureMap map, RowShape shape) => map is BlockMap blocks ? blocks.PositionsOf(shape) : ((DenseMap)map).PositionsOf(shape);
}
