using System.Security.Cryptography;
using ExplicitCluster.Abstractions.Errors;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Data.Formats;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Numerics.Tokens;

namespace ExplicitCluster.Grains.Language;

/// <summary>The vocabulary of a model, as an artifact that is named by its tokens and their order; how often they were seen is not in it.</summary>
internal static class VocabularyArtifact
{
    public static async Task<TokenVocabulary> LoadAsync(IArtifactStore store, string name, CancellationToken cancellationToken)
    {
        var (tokens, _) = await TokenFile.ReadAsync(store, name, cancellationToken)
            ?? throw new JobException($"the vocabulary {name} is not in the store", "train again: only what is missing is computed again");
        return new TokenVocabulary(tokens);
    }

    /// <summary>
    /// Adds up the counts of all shards and keeps the most frequent tokens, or all that there can be; gives the artifact, the number of ids, and how many tokens of each id there are, unknown ones first.
    /// </summary>
    public static async Task<(string Name, string Sha256, long[] Counts)> MergeAsync(IArtifactStore store, IEnumerable<string> shards, TokenSpecification specification, CancellationToken cancellationToken)
    {
        var counts = new TokenCounts();
        foreach (var shard in shards)
        {
            var (tokens, numbers) = await TokenFile.ReadAsync(store, shard, cancellationToken)
                ?? throw new JobException($"the counts of tokens {shard} are not in the store", "train again: only what is missing is computed again");
            for (var i = 0; i < tokens.Count; i++)
                counts.Add(tokens[i], numbers[i]);
        }
        if (counts.Total == 0)
            throw new JobException("the training documents have no token", "look at tokens in the specification, and at the documents with 'explicit data show'");
        var kept = await Tokenizers.AllAsync(store, specification, cancellationToken) ?? Frequent(counts, specification.Vocabulary - 1);
        var words = new TokenCounts();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var i = 0; i < kept.Count; i++)
        {
            hash.AppendData(BitConverter.GetBytes(kept[i].Length));
            hash.AppendData(kept[i]);
            words.Add(kept[i]);
        }
        var sha256 = Convert.ToHexStringLower(hash.GetHashAndReset());
        var name = LanguageNames.VocabularyName(sha256);
        await TokenFile.WriteAsync(store, name, words, [.. Enumerable.Range(0, words.Distinct)], cancellationToken);
        var known = new long[kept.Count];
        for (var i = 0; i < known.Length; i++)
            known[i] = counts.CountOf(kept[i]);
        return (name, sha256, [counts.Total - known.Sum(), .. known]);
    }

    private static TokenBuffer Frequent(TokenCounts counts, int most)
    {
        var frequent = new TokenBuffer();
        foreach (var number in counts.Frequent(most))
            frequent.Add(counts.Token(number));
        return frequent;
    }
}
