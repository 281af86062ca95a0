using System.Collections.Immutable;
using System.Runtime.InteropServices;
using ExplicitCluster.Abstractions.Shards;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Data.Formats;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Grains.Models;
using ExplicitCluster.Grains.Reduction;
using ExplicitCluster.Grains.Shards;
using ExplicitCluster.Grains.Texts;
using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Layers;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Grains.Layers;

/// <summary>
/// The layers below of a published model: the merged statistics of each, and what a refinement moved, as a file of its own (docs/formats.md), so that the model predicts when the
/// statistics it came from are gone. What is computed from them has the bits that it had in the job.
/// </summary>
internal sealed class ModelLayers : ILayerTables
{
    private const string InputsName = "inputs";
    private const string CountsName = "counts";
    private const string MovesName = "moves";

    private readonly IArtifactStore _store;
    private readonly string _path;
    private readonly ModelDescription _description;

    private ModelLayers(IArtifactStore store, string path, ModelDescription description) => (_store, _path, _description) = (store, path, description);

    /// <summary>Writes the layers' statistics, and the vocabularies of those over texts, into a model's folder and gives the SHA-256 of every file.</summary>
    public static async Task<ImmutableArray<string>> WriteAsync(IArtifactStore store, string path, ImmutableArray<SolvedLayer> layers, RowShape shape, CancellationToken cancellationToken)
    {
        var hashes = ImmutableArray.CreateBuilder<string>(layers.Length);
        foreach (var layer in layers)
        {
            var counts = await MergedTables.LoadAsync(store, layer.Merged, cancellationToken);
            var metadata = new Dictionary<string, string> { ["format"] = "explicit-cluster 1", ["statisticsSha256"] = layer.StatisticsSha256 };
            var tensors = new List<Tensor>
            {
                new(InputsName, TensorType.I32, [counts.Seen.Length], MemoryMarshal.AsBytes(counts.Seen.AsSpan()).ToArray()),
                new(CountsName, TensorType.U64, [counts.Seen.Length, counts.Classes], MemoryMarshal.AsBytes(counts.Counts.AsSpan()).ToArray()),
            };
            if (layer.Vocabulary is { } vocabulary)
                await FrozenVocabulary.CopyAsync(store, vocabulary, ModelFolder.LayerVocabularyName(path, layer.Number), cancellationToken);
            if (layer.Moves is not null)
            {
                var rows = layer.Settings.Text is null ? LayerMaps.RowsOf(FeatureMaps.EncoderOf(layer.Settings.Features, shape).Layout, counts) : counts.Inputs;
                var moves = RefinedLayers.FlatOf((await RefinedLayers.LoadAsync(store, layer, rows, cancellationToken))!);
                var columns = LayerMaps.TargetsOf(layer).Columns;
                tensors.Add(new Tensor(MovesName, TensorType.F64, [moves.Length / columns, columns], MemoryMarshal.AsBytes(moves.AsSpan()).ToArray()));
            }
            hashes.Add(await SafetensorsFile.WriteAsync(store, ModelFolder.LayerName(path, layer.Number), tensors, metadata, cancellationToken));
        }
        return hashes.ToImmutable();
    }

    /// <summary>The encoder of a model's rows.</summary>
    public static async Task<RowEncoder> EncoderAsync(IArtifactStore store, string path, ModelDescription description, CancellationToken cancellationToken)
    {
        var encoding = description.Encoding;
        if (description.Layers.IsEmpty)
            return FeatureMaps.EncoderOf(encoding);
        if (!encoding.ByGroup)
            return await LoadAsync(encoding.Features);
        var groups = new List<RowEncoder>();
        foreach (var feature in encoding.Features)
            groups.Add(await LoadAsync([feature]));
        return RowEncoder.Mixed(groups);

        Task<RowEncoder> LoadAsync(ImmutableArray<FeatureMapSpecification> features) =>
            LayerMaps.LoadAsync(features, encoding.Shape(), new ModelLayers(store, path, description), cancellationToken);
    }

    public async Task<(CountTable Counts, LayerMoves? Moves)> CountsAsync(SolvedLayer layer, RowLayout layout, CancellationToken cancellationToken)
    {
        var tensors = await SafetensorsFile.ReadAsync(_store, ModelFolder.LayerName(_path, layer.Number), _description.Layers[layer.Number - 1], cancellationToken);
        var classes = layer.Merged.Labels.Length;
        var moves = tensors.SingleOrDefault(tensor => tensor.Name == MovesName);
        var counts = new CountTable(
            layer.Merged.Inputs,
            classes,
            MemoryMarshal.Cast<byte, int>(tensors.Single(tensor => tensor.Name == InputsName).Data.Span).ToArray(),
            MemoryMarshal.Cast<byte, long>(tensors.Single(tensor => tensor.Name == CountsName).Data.Span).ToArray());
        return (counts, moves is null ? null : RefinedLayers.OfFlat(MemoryMarshal.Cast<byte, double>(moves.Data.Span).ToArray(), LayerMaps.TargetsOf(layer).Columns));
    }

    /// <summary>A model's rows are all new.</summary>
    public Task<Subclasses?> SubclassesAsync(SubclassWork work, RowLayout layout, CancellationToken cancellationToken) => Task.FromResult<Subclasses?>(null);

    public async Task<LayerRows> TextsAsync(SolvedLayer layer, CancellationToken cancellationToken)
    {
        var (name, text) = (ModelFolder.LayerVocabularyName(_path, layer.Number), layer.Settings.Text!);
        var (groups, sha256) = await FeatureFile.ReadAsync(_store, name, cancellationToken) ?? throw new ArtifactMissingException(name);
        return sha256 == layer.VocabularySha256
            ? await LayerRows.OfTextsAsync(_store, text, TextFeatures.VocabularyOf(text, groups), cancellationToken)
            : throw new ArtifactDamagedException(name, "its content", $"SHA-256 {layer.VocabularySha256}", sha256);
    }
}
