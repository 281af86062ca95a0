namespace ExplicitCluster.Numerics.Language;

/// <summary>Tables of all sets of lags of one text that is in memory: counting, continuation, discounts and deltas at once, without a cluster.</summary>
public sealed class LanguageSolution
{
    private readonly Dictionary<LagSet, CellList> _cells = [];
    private readonly ContextPlan _plan;
    private readonly CellPacking _packing;

    private LanguageSolution(CellPacking packing, ContextPlan plan) => (_packing, _plan) = (packing, plan);

    /// <summary>Discounts of each set, in the plan's order.</summary>
    public Discounts[] Discounts { get; private set; } = [];

    /// <summary>Continuation probabilities of every word at lag 1.</summary>
    public double[] Continuation { get; private set; } = [];

    /// <summary>Counts, continuation and discounts of documents.</summary>
    /// <param name="packing">The vocabulary.</param>
    /// <param name="plan">The sets of lags.</param>
    /// <param name="documents">Ids of the tokens of each document.</param>
    /// <param name="single">One discount a set in place of three.</param>
    /// <param name="prunes">Whether cells counted once are dropped in sets of several lags.</param>
    public static LanguageSolution Count(CellPacking packing, ContextPlan plan, IReadOnlyList<int[]> documents, bool single = false, bool prunes = false)
    {
        var solution = new LanguageSolution(packing, plan);
        var positions = documents.Sum(document => document.Length);
        foreach (var set in plan.Counted)
        {
            var counter = new CellCounter(packing, set, positions);
            foreach (var document in documents)
                counter.Add(document, 0);
            counter.Drain(solution._cells[set] = new CellList());
        }
        for (var lags = plan.ChainTop - 1; lags > 0; lags--)
        {
            var (continuation, rows) = (new Continuation(packing), new CellList());
            continuation.Add(solution._cells[ContextPlan.ChainOf(lags + 1)].Cells, rows);
            continuation.End(rows);
            solution._cells[ContextPlan.ChainOf(lags)] = rows;
        }
        solution.Discounts = Array.ConvertAll(plan.Sets, set =>
        {
            var discounts = Language.Discounts.Of(CountsOfCounts.Of(solution._cells[set].Counts), single);
            return prunes && set.Lags.Length > 1 ? discounts.Pruned : discounts;
        });
        solution.Continuation = solution.ContinuationAt(1);
        return solution;
    }

    /// <summary>The cells of a set and their counts.</summary>
    public CellList CellsOf(LagSet set) => _cells[set];

    /// <summary>Continuation probabilities at a single lag.</summary>
    public double[] ContinuationAt(int lag)
    {
        var contexts = new long[_packing.Vocabulary];
        Unigram.AddContexts(_packing, _cells[new LagSet(lag)].Cells, contexts);
        return Unigram.Of(contexts);
    }

    /// <summary>The rows of a set, to be solved one by one.</summary>
    /// <param name="set">The set.</param>
    /// <param name="unigram">Probabilities below the sets of one lag; of continuation at lag 1 where left out.</param>
    public ExpertRows RowsOf(LagSet set, double[]? unigram = null)
    {
        var path = ContextPlan.PathOf(set);
        return new ExpertRows(
            _packing,
            Array.ConvertAll(path, below => new RowSource(_packing, new[] { _cells[below] }.ToAsyncEnumerable().GetAsyncEnumerator())),
            Array.ConvertAll(path, below => Discounts[Array.IndexOf(_plan.Sets, below)]),
            unigram ?? Continuation);
    }

    /// <summary>The table of a set.</summary>
    public async Task<ExpertTable<T>> TableOfAsync<T>(LagSet set, double[]? unigram = null)
        where T : unmanaged, System.Numerics.IFloatingPoint<T>
    {
        var (rows, table) = (RowsOf(set, unigram), new ExpertTableBuilder<T>(set));
        while (await rows.NextAsync())
            table.Add(rows.Row.Context, rows.Row.Words, rows.Deltas);
        return table.ToTable();
    }
}
