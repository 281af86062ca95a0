using System.Text.Json;
using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Reduction;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Data.Formats;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Grains.Hosting;
using ExplicitCluster.Grains.Jobs;
using ExplicitCluster.Grains.Reduction;
using ExplicitCluster.Grains.Refinement;
using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Layers;
using ExplicitCluster.Numerics.Solution;

namespace ExplicitCluster.Grains.Layers;

/// <summary>
/// Refined layers below in the store: <c>refined/HASH</c> holds how far a layer's table moved, and <c>refined/HASH.json</c>, written last, how that came about. The
/// name is of what it was computed from, so a job that comes upon it goes on from there.
/// </summary>
internal static class RefinedLayers
{
    /// <summary>The name covers rows and their order (by the merged statistics), the start, what refines it, and the seed.</summary>
    public static string NameOf(LayerSpecification layer, MergedStatistics merged, JobChoice choice, long seed) => "refined/" + SpecificationHash.Sha256(FormattableString.Invariant(
        $"explicit-refined 1\n{merged.Name}\nk {choice.K} alpha {choice.Alpha} beta {layer.Solve.Beta} seed {seed}\n{JsonSerializer.Serialize(layer.Refine)}{(layer.Targets is { Code: > 0 } codes ? $"\ncode {codes.Code} seed {codes.Seed}" : "")}"));

    /// <summary>Null where it is not there yet, or is damaged.</summary>
    public static async Task<RefinedLayer?> FindAsync(IArtifactStore store, string name, CancellationToken cancellationToken)
    {
        try
        {
            var found = await JsonArtifact.ReadAsync<RefinedLayer>(store, JsonOf(name), null, cancellationToken);
            return found is { Value: var layer } && await store.StatAsync(name, cancellationToken) is not null ? layer : null;
        }
        catch (ArtifactDamagedException)
        {
            return null;
        }
    }

    /// <summary>What sweeps moved: the mean weights of their runs, less the explicit ones.</summary>
    public static async Task<LayerMoves> OfSweepsAsync(
        IArtifactStore store, SweepTables tables, MergedStatistics merged, SolveSettings start, SweepSpecification settings, RefinementCheckpoint end, CancellationToken cancellationToken)
    {
        var counts = await MergedTables.LoadAsync(store, merged, cancellationToken);
        var moved = await SweepMean.OfAsync(store, tables, end, cancellationToken);
        var from = new ExplicitSolution(tables.Compaction.Layout, MergedTables.TotalsOf(merged), start).AllDouble(tables.Compaction.Compact(counts));
        for (var i = 0; i < moved.Length; i++)
            moved[i] -= from[i];
        return LayerMoves.OfBlocks(tables.Compaction, counts, moved, new double[counts.Classes], start.K) with { Step = StepOf(tables.Compaction, settings, end) / start.K };
    }

    /// <summary>What averaging moved, bias and weights.</summary>
    public static async Task<LayerMoves> OfAveragingAsync(
        IArtifactStore store, AveragingTables tables, MergedStatistics merged, double k, RefinementCheckpoint end, CancellationToken cancellationToken)
    {
        var parameters = await tables.EndAsync(store, end, cancellationToken);
        var moved = new double[parameters.Length];
        for (var i = 0; i < moved.Length; i++)
            moved[i] = (double)parameters[i] - tables.Explicit[i];
        var (bias, weights) = (moved[..tables.Classes], moved[tables.Classes..]);
        return tables.Compaction is { } compaction
            ? LayerMoves.OfBlocks(compaction, tables.Targets.ColumnsOf(await MergedTables.LoadAsync(store, merged, cancellationToken)), weights, bias, k)
            : LayerMoves.OfDense(weights, bias, k);
    }

    public static async Task<RefinedLayer> WriteAsync(IArtifactStore store, string name, RefineMethod method, LayerMoves moves, RefinementCheckpoint end, CancellationToken cancellationToken)
    {
        var sha256 = await NumbersFile.WriteAsync(store, name, [FlatOf(moves)], cancellationToken);
        var layer = new RefinedLayer(name, sha256, method, end.Rounds, end.Ended, end.PublishesBest ? end.Best!.Round : null) { Step = moves.Step };
        await JsonArtifact.WriteAsync(store, JsonOf(name), layer, null, WriteCondition.Always, cancellationToken);
        return layer;
    }

    /// <summary>Null for a layer that is the explicit solution.</summary>
    /// <param name="store">Where from.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="rows">Rows of its table: its inputs where they are dense; of blocks the inputs seen and one a block.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public static async Task<LayerMoves?> LoadAsync(IArtifactStore store, SolvedLayer layer, long rows, CancellationToken cancellationToken)
    {
        if (layer.Moves is null)
            return null;
        var classes = LayerMaps.TargetsOf(layer).Columns;
        var length = checked((int)((rows + 1) * classes));
        return OfFlat((await Failures.Heal(store, () => NumbersFile.ReadAsync<double>(store, layer.Moves, layer.MovesSha256!, 1, length, cancellationToken)))[0], classes) with { Step = layer.Step, StepAlpha = layer.Settings.Refine.Sweeps.Alpha };
    }

    /// <summary>The table's rows, then the bias.</summary>
    public static double[] FlatOf(LayerMoves moves) => [.. moves.Values, .. moves.Bias];

    public static LayerMoves OfFlat(double[] values, int classes) => new(values[..^classes], values[^classes..]);

    /// <summary>The steps that were taken, of a block in the mean, as if it were the only one of its row.</summary>
    private static double StepOf(CodeCompaction compaction, SweepSpecification settings, RefinementCheckpoint end)
    {
        var chunks = (compaction.Blocks + settings.BlocksPerChunk - 1) / settings.BlocksPerChunk;
        return Math.Max(0, settings.Damping * end.Rounds.Sum(sweep => sweep.Step ?? 0) * chunks / compaction.Blocks * compaction.Raw.Blocks);
    }

    private static string JsonOf(string name) => $"{name}.json";
}
