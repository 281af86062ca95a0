using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Shards;

namespace ExplicitCluster.Abstractions.Refinement;

/// <summary>
/// The rows that one worker owns: of all rows in source order, numbered from 0, the runs r of <paramref name="RunRows"/> rows with r mod
/// <paramref name="Workers"/> = <paramref name="Worker"/>. So they do not depend on how the data is cut into shards.
/// </summary>
/// <param name="Worker">From 0.</param>
/// <param name="Workers">Number of workers.</param>
/// <param name="AllRows">Rows of all workers.</param>
/// <param name="RunRows">Rows of a run.</param>
/// <param name="Pieces">The shards that hold some of them, in order.</param>
[GenerateSerializer, Immutable, Alias("explicit.WorkerShare")]
public sealed record WorkerShare(
    [property: Id(0)] int Worker,
    [property: Id(1)] int Workers,
    [property: Id(2)] long AllRows,
    [property: Id(3)] int RunRows,
    [property: Id(4)] ImmutableArray<WorkerPiece> Pieces)
{
    /// <summary>Rows that the worker owns.</summary>
    public long Rows
    {
        get
        {
            var (whole, rest) = Math.DivRem(AllRows, (long)RunRows * Workers);
            return whole * RunRows + Math.Clamp(rest - (long)Worker * RunRows, 0, RunRows);
        }
    }

    /// <summary>The runs of rows within [first, first + count) that the worker owns: offset from first, and number.</summary>
    public IEnumerable<(int Offset, int Count)> Within(long first, int count)
    {
        for (var run = first / RunRows; run * RunRows < first + count; run++)
        {
            if (run % Workers != Worker)
                continue;
            var from = Math.Max(run * RunRows, first);
            yield return ((int)(from - first), (int)(Math.Min((run + 1) * RunRows, first + count) - from));
        }
    }

    /// <summary>Deals rows in runs, like cards; a run of 0 rows stands for one run a worker, as equal as can be.</summary>
    public static ImmutableArray<WorkerShare> Deal(ImmutableArray<ShardWork> shards, int workers, int runRows = 0)
    {
        var rows = shards.Sum(shard => (long)shard.Shard.Rows);
        var run = runRows > 0 ? runRows : (int)Math.Max(1, (rows + workers - 1) / workers);
        var shares = ImmutableArray.CreateBuilder<WorkerShare>();
        for (var worker = 0; worker < workers; worker++)
        {
            var share = new WorkerShare(worker, workers, rows, run, []);
            var pieces = ImmutableArray.CreateBuilder<WorkerPiece>();
            var start = 0L;
            foreach (var shard in shards)
            {
                if (share.Within(start, shard.Shard.Rows).Any())
                    pieces.Add(new WorkerPiece(shard, start));
                start += shard.Shard.Rows;
            }
            shares.Add(share with { Pieces = pieces.ToImmutable() });
        }
        return shares.ToImmutable();
    }
}
