using System.Collections.Immutable;
using System.Diagnostics;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Data.Sources;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Grains.Reduction;
using ExplicitCluster.Grains.Shards;
using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Solution;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Bench;

/// <summary>The job that clusters are timed with, and the same work done by the bare library on one thread.</summary>
internal static class ClusterJob
{
    /// <summary>Rows read at once, and counted at once: about as many as a silo takes of this job.</summary>
    private const int PieceRows = 640;
    private const int CountedRows = 64 * PieceRows;

    /// <summary>Inputs whose sum stays in cache.</summary>
    private const int RunInputs = 4096;

    public static JobSpecification Of(ImmutableArray<SourceSpecification> sources, ClusterBenchOptions options) => new()
    {
        Name = "bench",
        Data = new DataSpecification { Train = sources, ShardRows = options.ShardRows },
        Features = options.Features,
        Solve = new SolveSpecification { K = [4], Alpha = [.01] },
        Evaluate = EvaluateRows.None,
    };

    /// <summary>Seconds that reading, encoding, counting, summing, hashing and solving take without grains, store or messages, and the statistics' hash.</summary>
    public static async Task<(double Seconds, string StatisticsSha256)> BareAsync(JobSpecification specification, string store)
    {
        // A pass over every file checks and hashes it once; the cluster remembers that, and so does this.
        var reader = new SourceReader(new FolderArtifactStore(store));
        foreach (var source in specification.Data.Train)
            await reader.OpenAsync(source, labelsRequired: true, CancellationToken.None);
        var start = Stopwatch.GetTimestamp();
        CountSum[]? sums = null;
        ImmutableArray<string> labels = [];
        var layout = default(RowLayout);
        var values = (byte[]?)null;
        var (classRows, classMass) = (Array.Empty<long>(), Array.Empty<long>());
        foreach (var source in specification.Data.Train)
        {
            var manifest = await reader.OpenAsync(source, labelsRequired: true, CancellationToken.None);
            var encoder = FeatureMaps.EncoderOf(specification.Features, manifest.Shape);
            if (sums is null)
            {
                (labels, layout) = (manifest.Labels, encoder.Layout);
                (classRows, classMass) = (new long[labels.Length], new long[labels.Length]);
                sums = [.. TilePlan.TilesOf(layout, labels.Length).Select(tile => new CountSum(tile.FirstInput, tile.Inputs, labels.Length))];
            }
            values ??= new byte[PieceRows * manifest.Shape.BytesPerRow];
            using var levels = new LevelRows(encoder, (int)Math.Min(manifest.Rows, CountedRows));
            for (var shard = 0L; shard < manifest.Rows; shard += specification.Data.ShardRows)
            {
                using var part = new StatisticsSum(layout!.Inputs, labels.Length);
                var end = Math.Min(shard + specification.Data.ShardRows, manifest.Rows);
                var classes = new List<int>();
                for (var first = shard; first < end; first += PieceRows)
                {
                    var rows = await reader.ReadAsync(manifest, first, (int)Math.Min(PieceRows, end - first), CancellationToken.None, values);
                    levels.Add(rows.Rows);
                    classes.AddRange(rows.Labels);
                    if (first + PieceRows < end && levels.Count + PieceRows <= levels.Capacity)
                        continue;
                    part.Add(levels, classes.ToArray());
                    levels.Clear();
                    classes.Clear();
                }
                foreach (var sum in sums)
                {
                    for (var input = sum.FirstInput; input < sum.FirstInput + sum.Inputs; input += RunInputs)
                        sum.Add(part.Between(input, Math.Min(input + RunInputs, sum.FirstInput + sum.Inputs)));
                }
                var totals = part.Totals;
                for (var c = 0; c < labels.Length; c++)
                    (classRows[c], classMass[c]) = (classRows[c] + totals.ClassRows[c], classMass[c] + totals.ClassMass[c]);
            }
        }
        var solution = new ExplicitSolution(layout!, new ClassTotals(classRows, classMass), new SolveSettings(4, .01, 0));
        var blocks = new List<string>();
        foreach (var (sum, tile) in sums!.Zip(TilePlan.TilesOf(layout!, labels.Length)))
        {
            var table = sum.ToTable(layout!.Inputs);
            blocks.AddRange(StatisticsHash.BlocksOf(table, tile));
            solution.Solve(table);
        }
        var sha256 = StatisticsHash.Of(labels, blocks);
        return (Stopwatch.GetElapsedTime(start).TotalSeconds, sha256);
    }
}
