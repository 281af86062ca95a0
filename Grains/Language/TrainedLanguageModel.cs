using ExplicitCluster.Abstractions.Errors;
using ExplicitCluster.Data.Formats;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Grains.Models;
using ExplicitCluster.Numerics.Language;
using ExplicitCluster.Numerics.Tokens;

namespace ExplicitCluster.Grains.Language;

/// <summary>A published language model, loaded.</summary>
public sealed record TrainedLanguageModel(ModelDescription Description, LanguageModel Model, TokenVocabulary Words)
{
    /// <summary>Loads a model by its folder in the store.</summary>
    /// <exception cref="JobException">It is no language model.</exception>
    public static async Task<TrainedLanguageModel> LoadAsync(IArtifactStore store, string path, CancellationToken cancellationToken)
    {
        var description = await ModelFolder.ReadAsync(store, path, cancellationToken);
        if (description.Language is not { } language)
            throw new JobException($"{description.Name}/{description.Version} is no language model", "name one that was trained with task: language-model");
        var words = await VocabularyArtifact.LoadAsync(store, LanguageDescription.VocabularyNameIn(path), cancellationToken);
        var tensors = await SafetensorsFile.ReadAsync(store, ModelFolder.WeightsName(path), description.WeightsFileSha256, cancellationToken);
        LagSet[] sets = [.. language.Sets.Select(set => new LagSet([.. set.Lags]))];
        var model = LanguageTensors.ModelOf(
            tensors, ModelFolder.WeightsName(path), new CellPacking(Math.Max(2, words.Size)), sets, [.. language.Sets.Select(set => set.Weight)]);
        return new TrainedLanguageModel(description, model, words);
    }
}
