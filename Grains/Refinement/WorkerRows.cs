using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Refinement;
using ExplicitCluster.Data.Sources;
using ExplicitCluster.Grains.Shards;
using ExplicitCluster.Numerics.Encodings;

namespace ExplicitCluster.Grains.Refinement;

/// <summary>Reads and encodes the rows that workers own.</summary>
internal static class WorkerRows
{
    /// <summary>Calls <paramref name="take"/> with the encoded rows of one worker and their classes, in order.</summary>
    public static async Task ForEachChunkAsync(
        SourceReader reader, WorkerShare share, ImmutableArray<string> labels, RowEncoder encoder, Action<EncodedChunk> take, CancellationToken cancellationToken)
    {
        foreach (var read in ChunksOf(reader, [share], labels, encoder))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var own = OwnOf(share, await read(cancellationToken));
            take(own.Encode(encoder, own.Classes)); // layers below number their classes by the same labels
        }
    }

    /// <summary>The reading of every chunk that has rows of any of these shares of one deal, in order.</summary>
    public static IEnumerable<Func<CancellationToken, Task<RawChunk>>> ChunksOf(
        SourceReader reader, IReadOnlyList<WorkerShare> shares, ImmutableArray<string> labels, RowEncoder encoder)
    {
        foreach (var piece in shares.SelectMany(share => share.Pieces).DistinctBy(piece => piece.Start).OrderBy(piece => piece.Start))
        {
            var (source, shard) = (piece.Work.Source, piece.Work.Shard);
            int[] classOf = [.. source.Labels.Select(label => labels.IndexOf(label))];
            var rows = new ShardRows(reader, source, new RowRange(shard.FirstRow, shard.LastRow - shard.FirstRow + 1), encoder) { Start = piece.Start, PassesUnknown = true };
            foreach (var chunk in rows.Chunks())
            {
                if (shares.Any(share => share.Within(chunk.Number, chunk.Count).Any()))
                    yield return token => rows.ReadAsync(chunk, classOf, token);
            }
        }
    }

    /// <summary>The rows of a chunk that a worker owns.</summary>
    public static RawChunk OwnOf(WorkerShare share, RawChunk chunk) =>
        chunk.Take([.. share.Within(chunk.Number, chunk.Count).SelectMany(run => Enumerable.Range(run.Offset, run.Count))]);
}
