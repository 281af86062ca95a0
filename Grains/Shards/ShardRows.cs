using ExplicitCluster.Abstractions.Shards;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Data.Sources;
using ExplicitCluster.Numerics.Encodings;

namespace ExplicitCluster.Grains.Shards;

/// <summary>
/// Reads and encodes a range of rows chunk by chunk, so that memory and the time to a cancellation are bounded however large a shard is. Rows
/// removed from the source are left out.
/// </summary>
internal sealed class ShardRows(SourceReader reader, SourceManifest source, RowRange range, RowEncoder encoder)
{
    private const int MostChunkRows = 8192;
    private const long MostChunkBytes = 256 << 20;

    /// <summary>Whether held-out rows are left out; the rows then must have labels.</summary>
    public bool LeavesOutHeldOut { get; init; }

    /// <summary>A fold whose rows are left out; the rows then must have labels.</summary>
    public FoldSpecification? WithoutFold { get; init; }

    /// <summary>Whether rows whose label has no class are passed over.</summary>
    public bool PassesUnknown { get; init; }

    /// <summary>Rows that were passed over so.</summary>
    public long Unknown { get; private set; }

    /// <summary>Where layers below learned from these rows: their class of each class of <c>classOf</c>; null for new rows.</summary>
    public int[]? OwnOf { get; init; }

    /// <summary>The number of the first row among all rows of a job.</summary>
    public long Start { get; init; }

    /// <summary>Rows read and encoded at once: 8,192, or as many as 256 MiB hold.</summary>
    public static int ChunkRowsOf(RowEncoder encoder)
    {
        return (int)Math.Clamp(MostChunkBytes / (encoder.Shape.BytesPerRow + EncodedBytes(encoder)), 1, MostChunkRows);

        static long EncodedBytes(RowEncoder encoder) => encoder.Layout.Kind switch
        {
            EncodingKind.Blocks => (long)encoder.Layout.Blocks * sizeof(ushort),
            EncodingKind.Mixed => encoder.Groups.Sum(EncodedBytes),
            _ => (long)encoder.Layout.Inputs * (encoder.HasByteValues ? 1 : sizeof(float)),
        };
    }

    /// <summary>The chunks of which a row counts, in order: first row, rows of the source, and the number of the first among all rows of the job with how many of them count.</summary>
    public IEnumerable<(long First, int Rows, long Number, int Count)> Chunks()
    {
        var chunkRows = ChunkRowsOf(encoder);
        var number = Start;
        for (var first = range.First; first < range.First + range.Count; first += chunkRows)
        {
            var rows = (int)Math.Min(chunkRows, range.First + range.Count - first);
            var count = (int)KeptRows.Of(source, first, rows).Sum(kept => kept.Count);
            if (count > 0)
                yield return (first, rows, number, count);
            number += count;
        }
    }

    /// <summary>Reads one of <see cref="Chunks"/>.</summary>
    /// <param name="chunk">Which.</param>
    /// <param name="classOf">The class of each of the source's labels, -1 where it has none; null where labels do not matter.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <param name="room">Memory for the rows; null to have it made.</param>
    public async Task<RawChunk> ReadAsync((long First, int Rows, long Number, int Count) chunk, int[]? classOf, CancellationToken cancellationToken, byte[]? room = null) =>
        new(source, await reader.ReadKeptAsync(source, chunk.First, chunk.Rows, cancellationToken, room), chunk.First, chunk.Number, classOf, PassesUnknown);

    /// <summary>Calls <paramref name="count"/> with each chunk's encoded rows and their classes, in order.</summary>
    /// <param name="classOf">The class of each of the source's labels, -1 where it has none; null where labels do not matter.</param>
    /// <param name="count">Takes dense or block rows, whichever the encoder makes, and the classes; they hold until it returns.</param>
    /// <param name="cancellationToken">Checked between chunks.</param>
    public async Task ForEachChunkAsync(int[]? classOf, Action<EncodedChunk> count, CancellationToken cancellationToken)
    {
        using var room = new ChunkRoom(encoder, (int)Math.Min(range.Count, ChunkRowsOf(encoder)));
        foreach (var chunk in Chunks())
        {
            cancellationToken.ThrowIfCancellationRequested();
            var rows = await ReadAsync(chunk, classOf, cancellationToken, room.Values);
            if (LeavesOutHeldOut)
                rows = rows.Part().Others;
            if (WithoutFold is not null)
                rows = rows.Without(WithoutFold);
            if (PassesUnknown)
            {
                var known = rows.Known();
                (Unknown, rows) = (Unknown + rows.Count - known.Count, known);
            }
            if (rows.Count > 0)
                count(rows.Encode(encoder, OwnOf is null ? [] : Array.ConvertAll(rows.Classes, y => OwnOf[y]), room.Codes));
        }
    }
}
