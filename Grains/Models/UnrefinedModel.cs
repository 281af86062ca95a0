using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Grains.Reduction;
using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Solution;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Grains.Models;

/// <summary>The explicit solution of a refined model's statistics and settings, computed again: what refinement began from, or would have.</summary>
public static class UnrefinedModel
{
    /// <summary>A layer beside the model's own, on the same inputs; null where the model was not refined.</summary>
    /// <param name="model">The refined model.</param>
    /// <param name="counts">Its statistics.</param>
    internal static TrainedModel? Of(TrainedModel model, CountTable counts) =>
        model.Description.Lineage.Refinement is null ? null : model.WithLayer(LayerOf(model.Encoder.Layout, model.Description, counts));

    /// <summary>Whether refinement began at this solution.</summary>
    public static bool IsStartOf(ModelDescription description) =>
        description.Specification.Refine is { Method: RefineMethod.Averaging } or { Method: RefineMethod.Sweeps, Sweeps.Start: SweepStart.Explicit };

    private static (float[] Bias, int[] RowOfInput, float[] Weights) LayerOf(RowLayout raw, ModelDescription description, CountTable counts)
    {
        var compaction = raw.Kind == EncodingKind.Blocks ? new CodeCompaction(raw, counts, description.Specification.Compact) : null;
        var layout = compaction?.Layout ?? raw;
        var table = compaction?.Compact(counts) ?? counts;
        var solution = new ExplicitSolution(
            layout, MergedTables.TotalsOf(description.Lineage.Statistics), new SolveSettings(description.K, description.Alpha, BetaOf(description)));
        var classes = counts.Classes;
        var weights = new float[(layout.Inputs + (compaction is null ? 0L : 1)) * classes];
        for (var block = 0; block < Math.Max(1, layout.Blocks) && table.Seen.Length < layout.Inputs; block++)
        {
            var unseen = solution.Unseen(block);
            var (first, end) = layout.Blocks == 0 ? (0, layout.Inputs) : (layout.BlockStart(block), layout.BlockStart(block + 1));
            for (var input = first; input < end; input++)
                unseen.CopyTo(weights, (long)input * classes);
        }
        var solved = solution.Solve(table);
        for (var i = 0; i < table.Seen.Length; i++)
            solved.AsSpan(i * classes, classes).CopyTo(weights.AsSpan(table.Seen[i] * classes));
        return (solution.Bias(), compaction is null ? [] : RowsOf(compaction), weights);
    }

    /// <summary>Sweeps know no beta.</summary>
    private static double BetaOf(ModelDescription description) =>
        description.Specification.Refine.Method == RefineMethod.Sweeps ? 0 : description.Beta;

    /// <summary>The cell of every raw input; inputs of a block that says nothing share one more row, of zeros.</summary>
    private static int[] RowsOf(CodeCompaction compaction)
    {
        var rowOfInput = new int[compaction.Raw.Inputs];
        Array.Fill(rowOfInput, compaction.Cells);
        for (var block = 0; block < compaction.Blocks; block++)
        {
            var codes = compaction.CodesOf(block);
            var first = compaction.Raw.BlockStart(compaction.RawBlockOf(block));
            for (var code = 0; code < codes.Length; code++)
                rowOfInput[first + code] = compaction.Starts[block] + codes[code];
        }
        return rowOfInput;
    }
}
