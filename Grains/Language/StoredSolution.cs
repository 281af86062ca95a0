using System.Collections.Immutable;
using System.Numerics;
using ExplicitCluster.Abstractions.Language;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Numerics.Language;

namespace ExplicitCluster.Grains.Language;

/// <summary>Solves tables whose merged counts are in the store.</summary>
internal sealed class StoredSolution
{
    private readonly IArtifactStore _store;
    private readonly LanguageTables _tables;

    public StoredSolution(IArtifactStore store, LanguageTables tables)
    {
        (_store, _tables) = (store, tables);
        (Packing, Plan) = (new CellPacking(tables.Counting.Size), LanguageNames.PlanOf(tables.Counting.Language));
        Discounts = Array.ConvertAll(Plan.Sets, set =>
        {
            var at = 3 * Array.IndexOf(Plan.Sets, set);
            return new Discounts(tables.Discounts[at], tables.Discounts[at + 1], tables.Discounts[at + 2]);
        });
    }

    public CellPacking Packing { get; }

    public ContextPlan Plan { get; }

    public Discounts[] Discounts { get; }

    /// <summary>log p of every word by its contexts at lag 1.</summary>
    public double[] LogUnigram => Unigram.Logs(Unigram.Of(_tables.Contexts[0].AsSpan()));

    /// <summary>The scores that no context changes.</summary>
    /// <param name="weights">Of the unigram, then of each set.</param>
    public float[] BaseScores(double[] weights) => _tables.Counting.Language.IsPositional
        ? LanguageModel.PositionalBase(
            Unigram.Logs(Unigram.Of(_tables.Words.AsSpan())), [.. _tables.Contexts.Select(contexts => Unigram.Logs(Unigram.Of(contexts.AsSpan())))], weights[1..])
        : LanguageModel.BaseOf(LogUnigram, weights[0]);

    /// <summary>The table of a set, or one part of it, of the contexts that are wanted.</summary>
    public async Task<ExpertTable<T>> TableAsync<T>(LagSet set, int? part, Predicate<ulong> isWanted, CancellationToken cancellationToken)
        where T : unmanaged, IFloatingPoint<T>
    {
        var path = ContextPlan.PathOf(set);
        var sources = new List<RowSource>();
        foreach (var below in path)
            sources.Add(new RowSource(Packing, CellsOf(below, part, cancellationToken).GetAsyncEnumerator(cancellationToken)));
        var lowest = _tables.Contexts[_tables.Counting.Language.IsPositional ? Array.IndexOf(Plan.Sets, set) : 0];
        var rows = new ExpertRows(Packing, [.. sources], Array.ConvertAll(path, below => Discounts[Array.IndexOf(Plan.Sets, below)]), Unigram.Of(lowest.AsSpan()));
        var table = new ExpertTableBuilder<T>(set);
        while (await rows.NextAsync())
        {
            if (isWanted(rows.Row.Context))
                table.Add(rows.Row.Context, rows.Row.Words, rows.Deltas);
        }
        return table.ToTable();
    }

    /// <summary>Positions as shard grains give them: the tokens from the longest lag to lag 1, and the word.</summary>
    public HeldOutPositions PositionsOf(ImmutableArray<int> positions)
    {
        var held = new HeldOutPositions(Packing, Plan.Sets);
        var length = Plan.LongestLag + 1;
        for (var first = 0; first < positions.Length; first += length)
            held.Add(positions.AsSpan(first, length), Plan.LongestLag);
        return held;
    }

    private IAsyncEnumerable<CellList> CellsOf(LagSet set, int? part, CancellationToken cancellationToken) => part is { } one
        ? CellStreams.PartsAsync(_store, _tables.Merged, set, one, one + 1, cancellationToken)
        : CellStreams.PartsAsync(_store, _tables.Merged, set, 0, _tables.Counting.Bounds.Length, cancellationToken);
}
