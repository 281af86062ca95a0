using System.Collections.Immutable;

namespace ExplicitCluster.Abstractions.Language;

/// <summary>The work on one part of the tables, keyed by <c>job/index</c>. Every method is a pure function of what the store holds.</summary>
[Alias("explicit.ILanguageReducerGrain")]
public interface ILanguageReducerGrain : IGrainWithStringKey
{
    /// <summary>Merges the part's cells of every counted set, derives those of the chain, and returns what each set's part is; sets that are in the store are not merged again.</summary>
    [Alias("Merge"), ResponseTimeout("12:00:00")]
    Task<ImmutableArray<TablePart>> MergeAsync(MergeWork work, CancellationToken cancellationToken = default);

    /// <summary>Solves one part of the table of a set into the artifact <paramref name="name"/>, and says what that is.</summary>
    [Alias("Solve"), ResponseTimeout("12:00:00")]
    Task<SolvedPart> SolveAsync(LanguageTables tables, int set, int part, string name, CancellationToken cancellationToken = default);

    /// <summary>Fits the weights of all sets on held-out positions, as <see cref="ILanguageShardGrain.PositionsAsync"/> gives them.</summary>
    [Alias("Fit"), ResponseTimeout("12:00:00")]
    Task<FitResult> FitAsync(LanguageTables tables, ImmutableArray<int> positions, CancellationToken cancellationToken = default);
}
