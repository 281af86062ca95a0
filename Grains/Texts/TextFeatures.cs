using System.Text;
using ExplicitCluster.Abstractions.Errors;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Data.Formats;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Grains.Jobs;
using ExplicitCluster.Grains.Language;
using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Features;

namespace ExplicitCluster.Grains.Texts;

/// <summary>From the specification of a classifier of texts to Numerics' groups, and to the names of what is computed with them.</summary>
public static class TextFeatures
{
    /// <summary>What counts the features that have no buckets; one for one thread.</summary>
    public static async Task<IDocumentCounter> CounterAsync(IArtifactStore store, TextSpecification text, CancellationToken cancellationToken) => text.IsSparse
        ? new IndexCounter()
        : new FeatureCounter(await Tokenizers.OfAsync(store, text.Tokens ?? new TokenSpecification(), cancellationToken), [.. text.Groups.Select(group => group.HashBits > 0 ? null : GroupOf(group))]);

    /// <summary>What makes rows of texts, or of a source's sparse rows; one for one thread.</summary>
    public static async Task<DocumentEncoder> EncoderAsync(IArtifactStore store, TextSpecification text, Vocabulary vocabulary, CancellationToken cancellationToken) =>
        (await EncoderMakerAsync(store, text, vocabulary, cancellationToken))();

    /// <summary>What makes such encoders, without waiting for anything any more.</summary>
    public static async Task<Func<DocumentEncoder>> EncoderMakerAsync(IArtifactStore store, TextSpecification text, Vocabulary vocabulary, CancellationToken cancellationToken)
    {
        if (text.IsSparse)
            return () => new IndexEncoder(vocabulary, CountsOf(text.Groups[0]));
        var tokenizer = await Tokenizers.MakerAsync(store, text.Tokens ?? new TokenSpecification(), cancellationToken);
        return () => new TextEncoder(tokenizer(), [.. text.Groups.Select(GroupOf)], vocabulary);
    }

    /// <summary>(D) the features that would not be in the vocabulary without a row that has them; null where no row of a training decides on it.</summary>
    public static bool[]? Vanishing(TextSpecification text, Vocabulary vocabulary)
    {
        if (vocabulary.HashBits.All(bits => bits > 0))
            return null;
        var vanishing = new bool[vocabulary.Layout.Inputs];
        for (var g = 0; g < text.Groups.Length; g++)
        {
            var (first, rows) = (vocabulary.Layout.Maps[g].FirstInput, vocabulary.Groups[g].Rows);
            for (var i = 0; i < rows.Length; i++)
                vanishing[first + i] = rows[i] <= text.Groups[g].MinRows;
        }
        return vanishing;
    }

    /// <summary>What a row's values are multiplied by.</summary>
    public static SparseScale ScaleOf(TextSpecification text) => text switch
    {
        { Temperatures: { } temperatures } => SparseScale.ByGroup(temperatures.Rho),
        { KeepsNorms: true } => SparseScale.AsTheyAre,
        _ => SparseScale.Norm,
    };

    /// <summary>The groups of rows whose features are not known yet.</summary>
    public static RowLayout OutlineOf(TextSpecification text) => RowLayout.Sparse(text.Groups.Select(group => (NameOf(group.Map), group.HashBits > 0 ? 1 << group.HashBits : 0)));

    /// <summary>The features of every group of a specification, as a vocabulary.</summary>
    public static Vocabulary VocabularyOf(TextSpecification text, IReadOnlyList<FeatureList> groups) =>
        new([.. text.Groups.Select((group, g) => (NameOf(group.Map), groups[g], group.HashBits))]);

    /// <summary>The hash of what decides the counts of features.</summary>
    public static string VocabularyHash(TextSpecification text, bool holdsOut) =>
        SpecificationHash.Sha256(FormattableString.Invariant($"explicit-features 1\n{Describe(text)}{(holdsOut ? "without the held-out fold\n" : "")}"));

    /// <summary>The hash of what decides a row's numbers; the vocabulary by its content.</summary>
    public static string StatisticsHash(TextSpecification text, string vocabularySha256, bool holdsOut)
    {
        var scale = text.Temperatures is { } temperatures ? FormattableString.Invariant($"groups ^ -{temperatures.Rho:R}") : text.KeepsNorms ? "as it is" : "norm 1";
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
        return VocabularyOf(text, groups);
    }

    /// <summary>The hash of what features are: two specifications with the same can share a vocabulary.</summary>
    public static string GroupsHash(TextSpecification text) =>
        VocabularyHash(text with { Groups = [.. text.Groups.Select(group => group with { MinRows = 1 })] }, holdsOut: false);

    private static string NameOf(FeatureGroupKind map) => map.ToString().ToLowerInvariant();

    private static string Describe(TextSpecification text)
    {
        var lines = new StringBuilder();
        foreach (var group in text.Groups)
            lines.Append(FormattableString.Invariant($"{NameOf(group.Map)} {group.Least} to {group.Most} counts {group.Counts} rows {group.MinRows}"))
                .Append(group.HashBits > 0 ? FormattableString.Invariant($" hash {group.HashBits}\n") : "\n");
        if (text.Tokens is { } tokens)
            lines.Append(Tokenizers.Describe(tokens));
        return lines.ToString();
    }

    private static CountKind CountsOf(FeatureGroupSpecification group) => group.Counts switch
    {
        FeatureCounts.Binary => CountKind.Binary,
        FeatureCounts.Log => CountKind.Log,
        _ => CountKind.Raw,
    };

    private static FeatureGroup GroupOf(FeatureGroupSpecification group)
    {
        var counts = CountsOf(group);
        return group.Map switch
        {
            FeatureGroupKind.Words => new WordGroup(group.Least, group.Most, counts),
            FeatureGroupKind.Chars => new CharacterGroup(group.Least, group.Most, counts),
            FeatureGroupKind.Positions => new PositionGroup(counts),
            _ => throw new FeatureException($"the map '{group.Map}' is not known to this silo", "upgrade the silo to the client's version"),
        };
    }
}
