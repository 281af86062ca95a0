using ExplicitCluster.Abstractions.Errors;
using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Shards;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Data.Sources;
using ExplicitCluster.Grains.Hosting;
using ExplicitCluster.Numerics.Language;

namespace ExplicitCluster.Grains.Language;

/// <summary>What a silo holds for a language model at most, and what the job writes into the store.</summary>
public static class LanguageMemory
{
    private const int WordBytes = 64;
    private const int ModelCellBytes = 8;
    private const int ModelRowBytes = 12;

    /// <summary>Of a cell in a run or a table, where it is a distance and a count of variable length; of one that is solved, with its share of a row.</summary>
    private const int StoredCellBytes = 6;
    private const int SolvedCellBytes = 14;

    private const int FitPositions = 6000;

    /// <summary>Tokens of texts of so many bytes, about.</summary>
    public static long TokensOf(TokenSpecification tokens, long bytes) => tokens.Kind switch
    {
        TokenKind.Bytes or TokenKind.Characters => bytes,
        TokenKind.BytePairs => bytes / 4,
        _ => bytes / 5,
    };

    /// <exception cref="JobException">The plan does not fit.</exception>
    public static void Check(MemoryPlan plan)
    {
        if (plan.TotalBytes <= plan.AvailableBytes)
            return;
        var largest = plan.Items.MaxBy(item => item.Bytes)!;
        throw new JobException(
            $"the memory plan needs {(plan.IsEstimate ? "about" : "up to")} {plan.TotalBytes:N0} bytes and the silo has {plan.AvailableBytes:N0}; the largest part is {largest.What}, {largest.Bytes:N0} bytes",
            "use fewer sets of lags, features.prune: 1, a smaller vocabulary, a smaller Explicit:RunBytes or fewer Explicit:ComputeSlots, or raise Explicit:MaxMemoryBytes");
    }

    /// <summary>What a job on these sources will hold, before anything is counted; and how many tokens they have, about.</summary>
    public static (MemoryPlan Plan, long Tokens) EstimateOf(JobSpecification specification, IReadOnlyList<SourceManifest> train, ExplicitOptions options)
    {
        var tokens = TokensOf(specification.Language!.Tokens, train.Sum(source => source.Texts!.Bytes));
        var shards = ShardPlan.Cut(train, specification.Data.ShardRows);
        var share = (double)shards.Max(shard => shard.Rows) / shards.Sum(shard => (long)shard.Rows);
        return (PlanOf(specification, tokens, share, specification.Language.Tokens.Vocabulary, null, options), tokens);
    }

    /// <param name="specification">The job.</param>
    /// <param name="tokens">Training tokens.</param>
    /// <param name="share">The largest shard's share of them.</param>
    /// <param name="ids">Size of the vocabulary.</param>
    /// <param name="cells">Cells and contexts of all sets of the model, and cells of the largest parts that are solved at once; null where they are still to be counted, and the plan is an estimate: every second token makes a cell of every set.</param>
    /// <param name="options">The silo's slots, memory and runs.</param>
    public static MemoryPlan PlanOf(JobSpecification specification, long tokens, double share, long ids, (long Cells, long Rows, long Solving)? cells, ExplicitOptions options)
    {
        var (language, slots) = (specification.Language!, (long)options.EffectiveSlots);
        var plan = LanguageNames.PlanOf(language);
        var known = cells ?? (plan.Sets.Sum(set => CellsOf(set)), plan.Sets.Sum(set => set.Lags.Length == 1 ? ids : CellsOf(set) / 2), slots * plan.Sets.Max(set => CellsOf(set)) / 16);
        var model = ModelCellBytes * known.Cells + ModelRowBytes * known.Rows;
        var refines = specification.Refine.Method != RefineMethod.None;
        var workers = refines ? specification.Refine.Workers : 0;
        return new MemoryPlan(
            [
                new MemoryItem("texts being read", slots * 3 * LanguageDocuments.ChunkBytes),
                new MemoryItem("words being counted", Math.Max(slots * WordsOf(share * tokens), WordsOf(tokens) + Math.Min(WordsOf(tokens), WordBytes * ids))),
                new MemoryItem("counts being gathered", slots * options.RunBytes),
                new MemoryItem("runs being merged", slots * Math.Max(options.RunBytes, 2 * CellStreams.LeastRunBytes)),
                new MemoryItem("tables being solved", 2 * SolvedCellBytes * known.Solving + slots * (2 + plan.Sets.Max(set => set.Lags.Length)) * ids * sizeof(double)),
                new MemoryItem(
                    "rows that weights are fitted on",
                    language.Weights == LanguageWeights.Fitted ? plan.Sets.Sum(set => Math.Min(CellsOf(set), FitPositions * (set.Lags.Length == 1 ? ids : 64))) * (ModelCellBytes + sizeof(double)) : 0),
                new MemoryItem("the model, as it is evaluated", specification.Evaluate == EvaluateRows.None ? 0 : 2 * model),
                new MemoryItem("the model, as it is refined", refines ? 2 * model + Math.Min(slots, workers) * 3 * sizeof(float) * known.Cells : 0),
            ],
            options.EffectiveMemoryBytes)
        {
            IsEstimate = cells is null,
            StoreBytes = StoredCellBytes * (tokens * plan.Counted.Length + 2 * known.Cells) + SolvedCellBytes * 2 * known.Cells
                + (refines ? specification.Refine.Averaging.Rounds * known.Cells * (SolvedCellBytes + workers * sizeof(float)) : 0),
        };

        // Distinct ones grow with the square root of the text, about.
        static long WordsOf(double tokens) => WordBytes * (long)Math.Min(tokens, 100 * Math.Sqrt(tokens));

        long CellsOf(LagSet set) => Math.Min(tokens / 2, (long)Math.Min(long.MaxValue / 2, Math.Pow(ids, set.Lags.Length + 1)));
    }
}
