using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Shards;

namespace ExplicitCluster.Abstractions.Refinement;

/// <summary>The rows that one worker owns: a run of the training rows in source order, so that they do not depend on how the data is cut into shards.</summary>
/// <param name="Worker">From 0.</param>
/// <param name="Pieces">Shards, or parts of them, in order.</param>
[GenerateSerializer, Immutable, Alias("explicit.WorkerShare")]
public sealed record WorkerShare(
    [property: Id(0)] int Worker,
    [property: Id(1)] ImmutableArray<WorkerPiece> Pieces)
{
    public long Rows => Pieces.Sum(piece => (long)piece.Rows);

    /// <summary>Deals the rows of all shards to workers, as evenly as can be.</summary>
    public static ImmutableArray<WorkerShare> Deal(ImmutableArray<ShardWork> shards, int workers)
    {
        var rows = shards.Sum(shard => (long)shard.Shard.Rows);
        var shares = ImmutableArray.CreateBuilder<WorkerShare>();
        for (var worker = 0; worker < workers; worker++)
        {
            var (first, end) = (rows * worker / workers, rows * (worker + 1) / workers);
            var pieces = ImmutableArray.CreateBuilder<WorkerPiece>();
            var start = 0L;
            foreach (var shard in shards)
            {
                var (from, to) = (Math.Max(first, start), Math.Min(end, start + shard.Shard.Rows));
                if (from < to)
                    pieces.Add(new WorkerPiece(shard, (int)(from - start), (int)(to - from)));
                start += shard.Shard.Rows;
            }
            shares.Add(new WorkerShare(worker, pieces.ToImmutable()));
        }
        return shares.ToImmutable();
    }
}
