using ExplicitCluster.Abstractions.Errors;
using ExplicitCluster.Data.Store;

namespace ExplicitCluster.Grains.Models;

/// <summary>Published models in the store: <c>models/NAME/VERSION/model.json</c> and <c>weights.safetensors</c>.</summary>
public static class ModelFolder
{
    private const string Root = "models/";
    private const string DescriptionFile = "/model.json";

    public static string PathOf(string name, string version) => $"{Root}{name}/{version}";

    public static string DescriptionName(string path) => path + DescriptionFile;

    /// <summary>Of a classifier of texts: its features.</summary>
    public static string VocabularyName(string path) => $"{path}/vocabulary";

    /// <summary>Statistics of a layer below.</summary>
    public static string LayerName(string path, int number) => $"{path}/layer-{number}.safetensors";

    /// <summary>Features of a layer below that is over texts.</summary>
    public static string LayerVocabularyName(string path, int number) => $"{path}/layer-{number}.vocabulary";

    public static string WeightsName(string path) => $"{path}/weights.safetensors";

    /// <summary>Every published model, newest first; what is damaged is told and passed over.</summary>
    public static async Task<IReadOnlyList<ModelDescription>> ListAsync(IArtifactStore store, Action<Exception> damaged, CancellationToken cancellationToken)
    {
        var models = new List<ModelDescription>();
        await foreach (var name in store.ListAsync(Root, cancellationToken))
        {
            if (!name.EndsWith(DescriptionFile, StringComparison.Ordinal))
                continue;
            try
            {
                models.Add(await ReadAsync(store, name[..^DescriptionFile.Length], cancellationToken));
            }
            catch (Exception exception) when (exception is ArtifactDamagedException or JobException)
            {
                damaged(exception);
            }
        }
        return [.. models.OrderByDescending(model => model.Created)];
    }

    /// <summary>The model that a person means: <c>name/version</c>, the start of a version, or a name alone for its newest version.</summary>
    /// <exception cref="JobException">No such model, or more than one.</exception>
    public static async Task<ModelDescription> FindAsync(IArtifactStore store, string reference, CancellationToken cancellationToken)
    {
        var damaged = new List<Exception>();
        var models = await ListAsync(store, damaged.Add, cancellationToken);
        var slash = reference.IndexOf('/');
        var name = slash < 0 ? reference : reference[..slash];
        var version = slash < 0 ? "" : reference[(slash + 1)..];
        var found = models.Where(model => model.Name == name && model.Version.StartsWith(version, StringComparison.Ordinal)).ToList();
        if (found.Count == 0 && damaged.Find(exception => exception.Message.Contains(PathOf(name, version), StringComparison.Ordinal)) is { } broken)
            throw broken;
        if (found.Count == 0)
        {
            var known = models.Count == 0 ? "the store has no model yet" : $"the newest are {string.Join(", ", models.Take(5).Select(model => $"{model.Name}/{model.Version}"))}";
            throw new JobException($"no model '{reference}' in the store; {known}", "see 'explicit models list', or train one with 'explicit train SPEC'");
        }
        if (version.Length > 0 && found.Count > 1)
            throw new JobException($"'{reference}' is the start of {found.Count} versions", "give more digits of the version");
        return found[0];
    }

    /// <summary>Reads one model.json.</summary>
    public static async Task<ModelDescription> ReadAsync(IArtifactStore store, string path, CancellationToken cancellationToken)
    {
        var description = (await JsonArtifact.ReadAsync<ModelDescription>(store, DescriptionName(path), null, cancellationToken)
            ?? throw new ArtifactMissingException(DescriptionName(path))).Value;
        return description.Format == ModelDescription.CurrentFormat
            ? description
            : throw new JobException(
                $"{DescriptionName(path)} has format {description.Format}; this version reads format {ModelDescription.CurrentFormat}",
                "train the model again with this version");
    }
}
