using System.Text;
using ExplicitCluster.Abstractions.Language;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Grains.Jobs;
using ExplicitCluster.Numerics.Language;

namespace ExplicitCluster.Grains.Language;

/// <summary>What the artifacts of a language model are named by.</summary>
internal static class LanguageNames
{
    /// <summary>Folder of the counts of tokens: how texts are split decides them.</summary>
    public static string TokensFolder(TokenSpecification tokens, RowSplit? split) =>
        $"statistics/{SpecificationHash.Sha256($"explicit-tokens 1\n{Tokenizers.Describe(tokens)}{Describe(split)}")}";

    /// <summary>Folder of the cells: the tokens, their ids, and what is counted.</summary>
    public static string CountingFolder(LanguageSpecification language, RowSplit? split, string vocabularySha256)
    {
        var text = new StringBuilder("explicit-cells 1\n").Append(Tokenizers.Describe(language.Tokens)).Append(Describe(split));
        text.Append("vocabulary ").Append(vocabularySha256).Append('\n');
        foreach (var set in PlanOf(language).Counted)
            text.Append("lags ").Append(set).Append('\n');
        return $"statistics/{SpecificationHash.Sha256(text.ToString())}";
    }

    /// <summary>What a shard's runs are.</summary>
    public static string RunsName(LanguageCounting counting, LanguageShardWork work) => $"{counting.Name}/{work.Key}/runs.json";

    public static string VocabularyName(string sha256) => $"vocabularies/{sha256}";

    /// <summary>One part of the merged counts of a set.</summary>
    public static string TableName(string merged, LagSet set, int part) => $"{merged}/lags-{string.Join('-', set.Lags)}/{part:D4}";

    /// <summary>What the names of runs begin with that are made while a job merges others.</summary>
    public static string PassesOf(string job) => $"{JobFolder.RoundsOf(job)}merge/";

    /// <summary>How often each word was seen, and in how many contexts.</summary>
    public static string WordsName(string merged) => $"{merged}/words";

    /// <summary>One part of a set, solved; parts are numbered set by set.</summary>
    public static string PartName(string prefix, int part) => $"{prefix}{part:D4}";

    /// <summary>What a worker made of one part of every set.</summary>
    public static string LearntName(LanguageRound round, int worker, int part) => $"{round.To}worker-{worker:D4}-{part:D4}";

    public static ContextPlan PlanOf(LanguageSpecification language) =>
        new([.. language.Lags.Select(lags => new LagSet([.. lags]))], language.ContinuesTop);

    private static string Describe(RowSplit? split) =>
        split is null ? "" : FormattableString.Invariant($"blocks every {split.Every} remainder {split.Remainder} {(split.IsHeldOut ? "only" : "without")}\n");
}
