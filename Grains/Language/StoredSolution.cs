using System.Collections.Immutable;
using System.Numerics;
using ExplicitCluster.Abstractions.Language;
using ExplicitCluster.Data.Formats;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Numerics.Language;

namespace ExplicitCluster.Grains.Language;

/// <summary>Solves tables whose merged counts are in the store.</summary>
internal sealed class StoredSolution
{
    private readonly IArtifactStore _store;
    private readonly LanguageTables _tables;

    /// <summary>How often each word was seen, and in how many contexts: at lag 1 or, for the positional model, at the lag of each set.</summary>
    private readonly long[] _words;
    private readonly long[][] _contexts;

    private StoredSolution(IArtifactStore store, LanguageTables tables, long[] words, long[][] contexts)
    {
        (_store, _tables, _words, _contexts) = (store, tables, words, contexts);
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

    /// <exception cref="ArtifactMissingException">What <see cref="WriteWordsAsync"/> wrote is gone.</exception>
    /// <exception cref="ArtifactDamagedException">It is damaged.</exception>
    public static async Task<StoredSolution> LoadAsync(IArtifactStore store, LanguageTables tables, CancellationToken cancellationToken)
    {
        var lists = 1 + LowestOf(tables.Counting).Length;
        var numbers = await NumbersFile.ReadAsync<double>(store, LanguageNames.WordsName(tables.Merged), tables.WordsSha256, lists, tables.Counting.Size, cancellationToken);
        var counts = Array.ConvertAll(numbers, list => Array.ConvertAll(list, number => (long)number));
        return new StoredSolution(store, tables, counts[0], counts[1..]);
    }

    /// <summary>Writes, beside merged tables, how often each word was seen, and in how many contexts; gives the SHA-256. Of the tables one part's numbers are in memory at a time.</summary>
    /// <param name="store">Where the tables are.</param>
    /// <param name="counting">What was counted.</param>
    /// <param name="merged">Folder of the tables.</param>
    /// <param name="words">How often each word was seen.</param>
    /// <param name="cancellationToken">Ends reading.</param>
    public static async Task<string> WriteWordsAsync(IArtifactStore store, LanguageCounting counting, string merged, long[] words, CancellationToken cancellationToken)
    {
        var lists = new List<long[]> { words };
        foreach (var set in LowestOf(counting))
        {
            var sum = new long[counting.Size];
            for (var part = 0; part < counting.Bounds.Length; part++)
            {
                var name = LanguageNames.TableName(merged, set, part);
                var contexts = (await CellFileReader.OpenAsync(store, name, cancellationToken)).Header.Contexts
                    ?? throw new ArtifactDamagedException(name, "its header", $"numbers of contexts of {counting.Size} words", "none");
                for (var word = 0; word < sum.Length; word++)
                    sum[word] += contexts[word];
            }
            lists.Add(sum);
        }
        // float64 has whole numbers up to 2^53.
        return await NumbersFile.WriteAsync<double>(store, LanguageNames.WordsName(merged), [.. lists.Select(list => Array.ConvertAll(list, number => (double)number))], cancellationToken);
    }

    /// <summary>log p of every word by its contexts at lag 1.</summary>
    public double[] LogUnigram => Unigram.Logs(Unigram.Of(_contexts[0]));

    /// <summary>The scores that no context changes.</summary>
    /// <param name="weights">Of the unigram, then of each set.</param>
    public float[] BaseScores(double[] weights) => _tables.Counting.Language.IsPositional
        ? LanguageModel.PositionalBase(
            Unigram.Logs(Unigram.Of(_words)), [.. _contexts.Select(contexts => Unigram.Logs(Unigram.Of(contexts)))], weights[1..])
        : LanguageModel.BaseOf(LogUnigram, weights[0]);

    /// <summary>The table of a set, or one part of it, of the contexts that are wanted.</summary>
    public async Task<ExpertTable<T>> TableAsync<T>(LagSet set, int? part, Predicate<ulong> isWanted, CancellationToken cancellationToken)
        where T : unmanaged, IFloatingPoint<T>
    {
        var path = ContextPlan.PathOf(set);
        var sources = new List<RowSource>();
        foreach (var below in path)
            sources.Add(new RowSource(Packing, CellsOf(below, part, cancellationToken).GetAsyncEnumerator(cancellationToken)));
        var lowest = _contexts[_tables.Counting.Language.IsPositional ? Array.IndexOf(Plan.Sets, set) : 0];
        var rows = new ExpertRows(Packing, [.. sources], Array.ConvertAll(path, below => Discounts[Array.IndexOf(Plan.Sets, below)]), Unigram.Of(lowest));
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

    /// <summary>The sets of a single lag whose words' contexts count.</summary>
    private static LagSet[] LowestOf(LanguageCounting counting) => counting.Language.IsPositional ? LanguageNames.PlanOf(counting.Language).Sets : [new LagSet(1)];

    private IAsyncEnumerable<CellList> CellsOf(LagSet set, int? part, CancellationToken cancellationToken) => part is { } one
        ? CellStreams.PartsAsync(_store, _tables.Merged, set, one, one + 1, cancellationToken)
        : CellStreams.PartsAsync(_store, _tables.Merged, set, 0, _tables.Counting.Bounds.Length, cancellationToken);
}
