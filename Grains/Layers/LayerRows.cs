using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Grains.Hosting;
using ExplicitCluster.Grains.Texts;
using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Features;

namespace ExplicitCluster.Grains.Layers;

/// <summary>What makes a layer's own rows.</summary>
/// <param name="Encoder">The encoder.</param>
/// <param name="Vanishing">Of texts, (D): the features that would be in no vocabulary without a row that has them; null where there are none.</param>
internal sealed record LayerRows(RowEncoder Encoder, bool[]? Vanishing)
{
    /// <summary>Of texts under a vocabulary.</summary>
    public static async Task<LayerRows> OfTextsAsync(IArtifactStore store, TextSpecification text, Vocabulary vocabulary, CancellationToken cancellationToken) =>
        new(RowEncoder.OfSparse(vocabulary.Layout, await TextFeatures.EncoderMakerAsync(store, text, vocabulary, cancellationToken)), TextFeatures.Vanishing(text, vocabulary));

    /// <summary>The same for all grains of a silo.</summary>
    public static Task<LayerRows> OfTextsAsync(SharedArtifacts shared, IArtifactStore store, TextSpecification text, string vocabulary, CancellationToken cancellationToken) => shared.GetAsync(
        $"rows {vocabulary} {TextFeatures.GroupsHash(text)}",
        async token => await OfTextsAsync(store, text, await TextFeatures.LoadVocabularyAsync(store, text, vocabulary, token), token),
        cancellationToken);
}
