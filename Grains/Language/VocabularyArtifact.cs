using System.Security.Cryptography;
using ExplicitCluster.Abstractions.Errors;
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
    /// Adds up the counts of all shards and keeps the most frequent tokens; gives the artifact, the number of ids, and how many tokens of each id there are, unknown ones first.
    /// </summary>
    public static async Task<(string Name, string Sha256, long[] Counts)> MergeAsync(IArtifactStore store, IEnumerable<string> shards, int size, CancellationToken cancellationToken)
    {
        var counts = new TokenCounts();
        foreach (var shard in shards)
        {
            var (tokens, numbers) = await TokenFile.ReadAsync(store, shard, cancellationToken)
                ?? throw new JobException($"the counts of tokens {shard} are not in the store", "train again: only what is missing is computed again");
            for (var i = 0; i < tokens.Count; i++)
                counts.Add(tokens[i], numbers[i]);
        }
        var frequent = counts.Frequent(size - 1);
        if (frequent.Length == 0)
            throw new JobException("the training documents have no token", "look at tokens in the specification, and at the documents with 'explicit data show'");
        var words = new TokenCounts();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var number in frequent)
        {
            hash.AppendData(BitConverter.GetBytes(counts.Token(number).Length));
            hash.AppendData(counts.Token(number));
            words.Add(counts.Token(number));
        }
        var sha256 = Convert.ToHexStringLower(hash.GetHashAndReset());
        var name = LanguageNames.VocabularyName(sha256);
        await TokenFile.WriteAsync(store, name, words, [.. Enumerable.Range(0, words.Distinct)], cancellationToken);
        long[] known = [.. frequent.Select(counts.Count)];
        return (name, sha256, [counts.Total - known.Sum(), .. known]);
    }
}
