using System.Collections.Immutable;

namespace ExplicitCluster.Abstractions.Language;

/// <summary>A round of averaged SGD, keyed by <c>job/index</c>. Every method is a pure function of what the store and the sources hold, and may run again anywhere.</summary>
[Alias("explicit.ILanguageWorkerGrain")]
public interface ILanguageWorkerGrain : IGrainWithStringKey
{
    /// <summary>Takes a step on every token of the shares, in order, and writes the mean of the values: an artifact a part, with the deltas of every set.</summary>
    [Alias("Learn"), ResponseTimeout("12:00:00")]
    Task<LanguageLearnt> LearnAsync(LanguageRound round, int worker, ImmutableArray<LanguageShare> shares, CancellationToken cancellationToken = default);

    /// <summary>Writes one part of every set with the mean of the workers' values, by the numbers of their tokens. Gives what the parts are, by set.</summary>
    [Alias("Average"), ResponseTimeout("12:00:00")]
    Task<ImmutableArray<SolvedPart>> AverageAsync(LanguageRound round, int part, ImmutableArray<LanguageLearnt> workers, CancellationToken cancellationToken = default);
}
