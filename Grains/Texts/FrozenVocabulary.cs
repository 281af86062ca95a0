using ExplicitCluster.Abstractions.Errors;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Data.Formats;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Grains.Models;

namespace ExplicitCluster.Grains.Texts;

/// <summary>The vocabulary of an earlier model, which a job takes as it is. A copy under its hash stays when that model is gone.</summary>
public static class FrozenVocabulary
{
    private const string Root = "vocabularies/frozen/";

    public static string NameOf(string sha256) => Root + sha256;

    /// <summary>Finds a vocabulary by its hash or the start of it, and copies it to where frozen ones are.</summary>
    /// <exception cref="JobException">There is none, there are several, or its groups are others.</exception>
    internal static async Task<StoredVocabulary> FindAsync(IArtifactStore store, TextSpecification text, CancellationToken cancellationToken)
    {
        var start = text.FrozenVocabulary!;
        var models = (await ModelFolder.ListAsync(store, _ => { }, cancellationToken))
            .Where(model => model is { Text: not null, VocabularySha256: { } sha256 } && sha256.StartsWith(start, StringComparison.Ordinal)).ToList();
        var copies = await store.ListAsync(Root + start, cancellationToken).Select(name => name[Root.Length..]).ToListAsync(cancellationToken);
        string[] found = [.. models.Select(model => model.VocabularySha256!).Concat(copies).Distinct()];
        if (found.Length != 1)
        {
            throw new JobException(
                found.Length == 0 ? $"no model in the store has the vocabulary '{start}'" : $"'{start}' is the start of {found.Length} vocabularies",
                "take vocabularySha256 of 'explicit models show M --json'");
        }
        var hash = TextFeatures.GroupsHash(text);
        if (models.Count > 0 && models.TrueForAll(model => TextFeatures.GroupsHash(model.Text!) != hash))
        {
            var other = models[0];
            throw new JobException(
                $"the vocabulary '{start}' is that of {other.Name}/{other.Version}, whose features or tokens are others", "use the features and tokens of that model, or another vocabulary");
        }
        var name = NameOf(found[0]);
        if (models.Count > 0 && copies.Count == 0)
            await CopyAsync(store, ModelFolder.VocabularyName(ModelFolder.PathOf(models[0].Name, models[0].Version)), name, cancellationToken);
        var (groups, sha256) = await FeatureFile.ReadAsync(store, name, cancellationToken) ?? throw new ArtifactMissingException(name);
        return sha256 == found[0] && groups.Length == text.Groups.Length
            ? StoredVocabulary.Of(name, sha256, text, groups)
            : throw new ArtifactDamagedException(name, "its content", $"{text.Groups.Length} groups, SHA-256 {found[0]}", $"{groups.Length} groups, SHA-256 {sha256}");
    }

    /// <summary>Copies a vocabulary within a store.</summary>
    internal static Task CopyAsync(IArtifactStore store, string from, string to, CancellationToken cancellationToken) => CopyAsync(store, from, store, to, cancellationToken);

    /// <summary>Copies a vocabulary from store to store.</summary>
    public static async Task CopyAsync(IArtifactStore store, string from, IArtifactStore target, string to, CancellationToken cancellationToken)
    {
        var artifact = await store.ReadAsync(from, cancellationToken) ?? throw new ArtifactMissingException(from);
        await target.WriteAsync(to, (stream, token) => stream.WriteAsync(artifact.Content, token).AsTask(), WriteCondition.Always, cancellationToken);
    }
}
