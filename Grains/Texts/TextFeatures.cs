using System.Text;
using ExplicitCluster.Abstractions.Errors;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Data.Formats;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Grains.Jobs;
using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Features;
using ExplicitCluster.Numerics.Tokens;

namespace ExplicitCluster.Grains.Texts;

/// <summary>From the specification of a classifier of texts to Numerics' groups, and to the names of what is computed with them.</summary>
public static class TextFeatures
{
    /// <summary>What splits texts into words; one for one thread.</summary>
    public static Tokenizer Tokenizer() => new WordTokenizer();

    /// <summary>The groups; they belong to one thread.</summary>
    public static FeatureGroup[] GroupsOf(TextSpecification text) => [.. text.Groups.Select(GroupOf)];

    /// <summary>What a row's values are multiplied by.</summary>
    public static SparseScale ScaleOf(TextSpecification text) => text.Temperatures is { } temperatures ? SparseScale.ByGroup(temperatures.Rho) : SparseScale.Norm;

    /// <summary>The hash of what decides the counts of features.</summary>
    public static string VocabularyHash(TextSpecification text, bool holdsOut) =>
        SpecificationHash.Sha256(FormattableString.Invariant($"explicit-features 1\n{Describe(text)}{(holdsOut ? "without the held-out fold\n" : "")}"));

    /// <summary>The hash of what decides a row's numbers; the vocabulary by its content.</summary>
    public static string StatisticsHash(TextSpecification text, string vocabularySha256, bool holdsOut)
    {
        var scale = text.Temperatures is { } temperatures ? FormattableString.Invariant($"groups ^ -{temperatures.Rho:R}") : "norm 1";
        return SpecificationHash.Sha256($"explicit-text-statistics 1\n{Describe(text)}{scale}\nvocabulary {vocabularySha256}\n{(holdsOut ? "without the held-out fold\n" : "")}");
    }

    /// <summary>The vocabulary of an artifact.</summary>
    /// <exception cref="JobException">It is not in the store.</exception>
    public static async Task<Vocabulary> LoadVocabularyAsync(IArtifactStore store, TextSpecification text, string name, CancellationToken cancellationToken)
    {
        var (groups, _) = await FeatureFile.ReadAsync(store, name, cancellationToken)
            ?? throw new JobException($"the vocabulary {name} is not in the store", "train again: only what is missing is computed again");
        if (groups.Length != text.Groups.Length)
            throw new ArtifactDamagedException(name, "its groups", $"{text.Groups.Length}", $"{groups.Length}");
        return new Vocabulary([.. text.Groups.Select((group, g) => (NameOf(group.Map), groups[g]))]);
    }

    private static string NameOf(FeatureGroupKind map) => map.ToString().ToLowerInvariant();

    private static string Describe(TextSpecification text)
    {
        var lines = new StringBuilder();
        foreach (var group in text.Groups)
            lines.Append(FormattableString.Invariant($"{NameOf(group.Map)} {group.Least} to {group.Most} counts {group.Counts} rows {group.MinRows}\n"));
        return lines.ToString();
    }

    private static FeatureGroup GroupOf(FeatureGroupSpecification group)
    {
        var counts = group.Counts switch
        {
            FeatureCounts.Binary => CountKind.Binary,
            FeatureCounts.Log => CountKind.Log,
            _ => CountKind.Raw,
        };
        return group.Map switch
        {
            FeatureGroupKind.Words => new WordGroup(group.Least, group.Most, counts),
            FeatureGroupKind.Chars => new CharacterGroup(group.Least, group.Most, counts),
            FeatureGroupKind.Positions => new PositionGroup(counts),
            _ => throw new FeatureException($"the map '{group.Map}' is not known to this silo", "upgrade the silo to the client's version"),
        };
    }
}
