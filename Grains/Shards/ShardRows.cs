using ExplicitCluster.Abstractions.Shards;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Data.Sources;
using ExplicitCluster.Grains.Texts;
using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Grains.Shards;

/// <summary>
/// Reads and encodes a range of rows chunk by chunk, so that memory and the time to a cancellation are bounded however large a shard is. Rows
/// removed from the source are left out.
/// </summary>
internal sealed class ShardRows(SourceReader reader, SourceManifest source, RowRange range, RowEncoder encoder)
{
    private const int MostChunkRows = 8192;
    private const long MostChunkBytes = 256 << 20;

    /// <summary>What stays in a second-level cache between being read and being turned into levels.</summary>
    private const int PieceBytes = 512 << 10;

    /// <summary>Whether held-out rows are left out; the rows then must have labels.</summary>
    public bool LeavesOutHeldOut { get; init; }

    /// <summary>A fold whose rows are left out; the rows then must have labels.</summary>
    public FoldSpecification? WithoutFold { get; init; }

    /// <summary>Whether rows whose label has no class are passed over.</summary>
    public bool PassesUnknown { get; init; }

    /// <summary>Rows that were passed over so.</summary>
    public long Unknown { get; private set; }

    /// <summary>Whether rows are learned from, so that weights, which layers do not know, are refused.</summary>
    public bool AreLearned { get; init; }

    /// <summary>Where layers below learned from these rows: their class of each class of <c>classOf</c>; null for new rows.</summary>
    public int[]? OwnOf { get; init; }

    /// <summary>The number of the first row among all rows of a job.</summary>
    public long Start { get; init; }

    /// <summary>Rows read and encoded at once: 8,192, or as many as 256 MiB hold; of texts so many of the longest.</summary>
    public static int ChunkRowsOf(RowEncoder encoder, SourceManifest source)
    {
        return Math.Min(ChunkRowsOf(encoder), source.IsText || source.Sparse is not null ? TextRows.ChunkRowsOf(source) : MostChunkRows);
    }

    /// <summary>The same of rows that are numbers.</summary>
    public static int ChunkRowsOf(RowEncoder encoder)
    {
        return (int)Math.Clamp(MostChunkBytes / Math.Max(1, encoder.Shape.BytesPerRow + EncodedBytes(encoder)), 1, MostChunkRows);

        static long EncodedBytes(RowEncoder encoder) => encoder.Layout.Kind switch
        {
            EncodingKind.Blocks => (long)encoder.Layout.Blocks * sizeof(ushort),
            EncodingKind.Mixed => encoder.Groups.Sum(EncodedBytes),
            EncodingKind.Sparse => 0, // as long as the texts, about
            _ => (long)encoder.Layout.Inputs * (encoder.HasByteValues ? 1 : sizeof(float)),
        };
    }

    /// <summary>Rows read at once where they are only counted. A file is read in small pieces; what is in a store is read in whole groups, each with a checksum.</summary>
    public static int CountedRowsOf(RowEncoder encoder, SourceManifest source) =>
        source.DecodedName is null ? Math.Clamp(PieceBytes / encoder.Shape.BytesPerRow, 1, ChunkRowsOf(encoder)) : ChunkRowsOf(encoder);

    /// <summary>The chunks of which a row counts, in order: first row, rows of the source, and the number of the first among all rows of the job with how many of them count.</summary>
    public IEnumerable<(long First, int Rows, long Number, int Count)> Chunks() => Chunks(ChunkRowsOf(encoder, source));

    private IEnumerable<(long First, int Rows, long Number, int Count)> Chunks(int chunkRows)
    {
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

    /// <summary>Reads one of <see cref="Chunks()"/>.</summary>
    /// <param name="chunk">Which.</param>
    /// <param name="classOf">The class of each of the source's labels, -1 where it has none; null where labels do not matter.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <param name="room">Memory for the rows; null to have it made.</param>
    public async Task<RawChunk> ReadAsync((long First, int Rows, long Number, int Count) chunk, int[]? classOf, CancellationToken cancellationToken, byte[]? room = null)
    {
        var rows = source.IsText || source.Sparse is not null
            ? (await reader.ReadKeptDocumentsAsync(source, chunk.First, chunk.Rows, cancellationToken)).Rows
            : await reader.ReadKeptAsync(source, chunk.First, chunk.Rows, cancellationToken, room);
        return new RawChunk(source, rows, chunk.First, chunk.Number, classOf, PassesUnknown);
    }

    /// <summary>Calls <paramref name="count"/> with each chunk's encoded rows and their classes, in order.</summary>
    /// <param name="classOf">The class of each of the source's labels, -1 where it has none; null where labels do not matter.</param>
    /// <param name="count">Takes dense or block rows, whichever the encoder makes, and the classes; they hold until it returns.</param>
    /// <param name="cancellationToken">Checked between chunks.</param>
    public async Task ForEachChunkAsync(int[]? classOf, Action<EncodedChunk> count, CancellationToken cancellationToken)
    {
        var chunkRows = ChunkRowsOf(encoder, source);
        using var room = new ChunkRoom(encoder, (int)Math.Min(range.Count, chunkRows));
        await ForEachRawChunkAsync(classOf, chunkRows, room, (rows, own) => count(rows.Encode(encoder, own, room.Codes)), cancellationToken);
    }

    /// <summary>Counts all rows.</summary>
    /// <param name="classOf">As in <see cref="ForEachChunkAsync"/>.</param>
    /// <param name="sum">Takes the counts.</param>
    /// <param name="cancellationToken">Checked between chunks.</param>
    public async Task CountAsync(int[] classOf, StatisticsSum sum, CancellationToken cancellationToken)
    {
        if (!LevelRows.Suits(encoder))
        {
            await ForEachChunkAsync(classOf, chunk => chunk.AddTo(sum), cancellationToken);
            return;
        }
        var chunkRows = (int)Math.Min(range.Count, CountedRowsOf(encoder, source));
        using var room = new ChunkRoom(encoder, chunkRows, withCodes: false);
        using var counter = new LevelCounter(encoder, range.Count, chunkRows, sum);
        await ForEachRawChunkAsync(classOf, chunkRows, room, (rows, _) => counter.Add(rows), cancellationToken);
        counter.Finish();
    }

    private async Task ForEachRawChunkAsync(int[]? classOf, int chunkRows, ChunkRoom room, Action<RawChunk, int[]> take, CancellationToken cancellationToken)
    {
        foreach (var chunk in Chunks(chunkRows))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var rows = await ReadAsync(chunk, classOf, cancellationToken, room.Values);
            if (AreLearned)
                rows.RefuseWeights("layers take", "the layers");
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
                take(rows, OwnOf is null ? [] : Array.ConvertAll(rows.Classes, y => OwnOf[y]));
        }
    }
}
