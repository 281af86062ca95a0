using System.Collections.Immutable;

namespace ExplicitCluster.Abstractions.Language;

/// <summary>The work on the documents of one shard, keyed by <c>job/part/index</c>. Every method is a pure function of what the store and the sources hold.</summary>
[Alias("explicit.ILanguageShardGrain")]
public interface ILanguageShardGrain : IGrainWithStringKey
{
    /// <summary>The number of tokens of all rows: where documents are blocks, it says where those of the next shard begin.</summary>
    [Alias("Measure"), ResponseTimeout("12:00:00")]
    Task<TokenTotals> MeasureAsync(LanguageShardWork work, CancellationToken cancellationToken = default);

    /// <summary>Counts every token into an artifact in <paramref name="folder"/>, unless that exists already.</summary>
    [Alias("CountTokens"), ResponseTimeout("12:00:00")]
    Task<TokenTotals> CountTokensAsync(LanguageShardWork work, string folder, CancellationToken cancellationToken = default);

    /// <summary>Counts the cells of all counted sets into sorted runs, unless those exist already.</summary>
    [Alias("Count"), ResponseTimeout("12:00:00")]
    Task<RunTotals> CountAsync(LanguageShardWork work, LanguageCounting counting, CancellationToken cancellationToken = default);

    /// <summary>Contexts and words at positions of the held-out documents, numbered through the shard: of each the tokens at the lags from the longest to 1, and the word.</summary>
    [Alias("Positions"), ResponseTimeout("12:00:00")]
    Task<ImmutableArray<int>> PositionsAsync(LanguageShardWork work, LanguageCounting counting, ImmutableArray<long> positions, CancellationToken cancellationToken = default);

    /// <summary>Evaluates a published model on the documents.</summary>
    [Alias("Evaluate"), ResponseTimeout("12:00:00")]
    Task<LanguageLoss> EvaluateAsync(LanguageShardWork work, string model, CancellationToken cancellationToken = default);
}
