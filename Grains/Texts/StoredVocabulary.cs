using ExplicitCluster.Abstractions.Errors;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Data.Formats;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Grains.Hosting;
using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Features;

namespace ExplicitCluster.Grains.Texts;

/// <summary>A vocabulary in the store.</summary>
/// <param name="Name">Its artifact.</param>
/// <param name="Sha256">Of its content.</param>
/// <param name="Layout">The layout of the rows that it makes.</param>
/// <param name="Bytes">That its features take.</param>
internal sealed record StoredVocabulary(string Name, string Sha256, RowLayout Layout, long Bytes)
{
    /// <summary>Adds up the shards' counts of features and keeps those in enough rows, unless that is in the store already.</summary>
    /// <exception cref="JobException">No feature is left.</exception>
    public static async Task<StoredVocabulary> MergeAsync(
        IArtifactStore store, TextSpecification text, IReadOnlyList<string> shards, string name, CancellationToken cancellationToken)
    {
        if (await FindAsync(store, name, cancellationToken) is not { } stored)
        {
            var merged = new FeatureList[text.Groups.Length];
            await Failures.Heal(store, async () =>
            {
                var merge = await FeatureMerge.OpenAsync(store, shards, merged.Length, cancellationToken);
                for (var g = 0; g < merged.Length; g++)
                    merged[g] = await merge.OfAsync(g, text.Groups[g].MinRows, cancellationToken);
            });
            if (merged.All(group => group.Count == 0) && text.Groups.All(group => group.HashBits == 0))
                throw new JobException("no feature of the training rows is in enough rows", "lower features.minRows, or look at the sources with 'explicit data show'");
            stored = (merged, await FeatureFile.WriteAsync(store, name, merged, cancellationToken));
        }
        return Of(name, stored.Sha256, text, stored.Groups);
    }

    /// <summary>What is known of a vocabulary that was read or made.</summary>
    public static StoredVocabulary Of(string name, string sha256, TextSpecification text, FeatureList[] groups) =>
        new(name, sha256, TextFeatures.VocabularyOf(text, groups).Layout, groups.Sum(group => group.Bytes.Length + (long)group.Count * (sizeof(long) + sizeof(int))));

    private static async Task<(FeatureList[] Groups, string Sha256)?> FindAsync(IArtifactStore store, string name, CancellationToken cancellationToken)
    {
        try
        {
            return await FeatureFile.ReadAsync(store, name, cancellationToken);
        }
        catch (ArtifactDamagedException)
        {
            await store.DeleteAsync(name, cancellationToken);
            return null;
        }
    }
}
