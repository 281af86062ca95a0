using System.Collections.Immutable;
using System.Runtime.InteropServices;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Data.Formats;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Grains.Models;
using ExplicitCluster.Grains.Reduction;
using ExplicitCluster.Grains.Shards;
using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Layers;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Grains.Layers;

/// <summary>
/// The layers below of a published model: the merged statistics of each, and what a refinement moved, as a file of its own (docs/formats.md), so that the model predicts when the
/// statistics it came from are gone. What is computed from them has the bits that it had in the job.
/// </summary>
internal static class ModelLayers
{
    private const string InputsName = "inputs";
    private const string CountsName = "counts";
    private const string MovesName = "moves";

    /// <summary>Writes the layers' statistics into a model's folder and gives the SHA-256 of every file.</summary>
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
            if (layer.Moves is not null)
            {
                var layout = FeatureMaps.EncoderOf(layer.Settings.Features, shape).Layout;
                var moves = RefinedLayers.FlatOf((await RefinedLayers.LoadAsync(store, layer, LayerMaps.RowsOf(layout, counts), cancellationToken))!);
                tensors.Add(new Tensor(MovesName, TensorType.F64, [moves.Length / counts.Classes, counts.Classes], MemoryMarshal.AsBytes(moves.AsSpan()).ToArray()));
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

        Task<RowEncoder> LoadAsync(ImmutableArray<FeatureMapSpecification> features) => LayerMaps.LoadAsync(
            features,
            encoding.Shape(),
            (layer, _, token) => ReadAsync(store, ModelFolder.LayerName(path, layer.Number), description.Layers[layer.Number - 1], layer, token),
            null,
            cancellationToken);
    }

    private static async Task<(CountTable, LayerMoves?)> ReadAsync(IArtifactStore store, string name, string sha256, SolvedLayer layer, CancellationToken cancellationToken)
    {
        var tensors = await SafetensorsFile.ReadAsync(store, name, sha256, cancellationToken);
        var classes = layer.Merged.Labels.Length;
        var moves = tensors.SingleOrDefault(tensor => tensor.Name == MovesName);
        var counts = new CountTable(
            layer.Merged.Inputs,
            classes,
            MemoryMarshal.Cast<byte, int>(tensors.Single(tensor => tensor.Name == InputsName).Data.Span).ToArray(),
            MemoryMarshal.Cast<byte, long>(tensors.Single(tensor => tensor.Name == CountsName).Data.Span).ToArray());
        return (counts, moves is null ? null : RefinedLayers.OfFlat(MemoryMarshal.Cast<byte, double>(moves.Data.Span).ToArray(), classes));
    }
}
