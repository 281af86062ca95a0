using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Refinement;
using ExplicitCluster.Data.Sources;
using ExplicitCluster.Grains.Shards;
using ExplicitCluster.Numerics.Encodings;

namespace ExplicitCluster.Grains.Refinement;

/// <summary>Reads and encodes the rows that a worker owns.</summary>
internal static class WorkerRows
{
    /// <summary>Calls <paramref name="take"/> with encoded rows and their classes, in order.</summary>
    public static async Task ForEachChunkAsync(
        SourceReader reader, WorkerShare share, ImmutableArray<string> labels, RowEncoder encoder, Action<EncodedChunk> take, CancellationToken cancellationToken)
    {
        foreach (var piece in share.Pieces)
        {
            var (source, shard) = (piece.Work.Source, piece.Work.Shard);
            int[] classOf = [.. source.Labels.Select(label => labels.IndexOf(label))];
            var rows = new ShardRows(reader, source, new RowRange(shard.FirstRow, shard.LastRow - shard.FirstRow + 1), encoder)
            {
                Selection = new RowSelection(piece.Start, share.Within),
            };
            await rows.ForEachChunkAsync(classOf, take, cancellationToken);
        }
    }
}
