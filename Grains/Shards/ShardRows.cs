using ExplicitCluster.Abstractions.Errors;
using ExplicitCluster.Abstractions.Shards;
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

    private readonly int _chunkRows = ChunkRowsOf(encoder);

    /// <summary>What is taken of the rows that are kept; null takes all.</summary>
    public RowSelection? Selection { get; init; }

    /// <summary>Rows read and encoded at once: 8,192, or as many as 256 MiB hold.</summary>
    public static int ChunkRowsOf(RowEncoder encoder)
    {
        var encoded = encoder.Layout.Kind == EncodingKind.Blocks
            ? (long)encoder.Layout.Blocks * sizeof(ushort)
            : (long)encoder.Layout.Inputs * (encoder.Shape.IsBytes ? 1 : sizeof(float));
        return (int)Math.Clamp(MostChunkBytes / (encoder.Shape.BytesPerRow + encoded), 1, MostChunkRows);
    }

    /// <summary>Calls <paramref name="count"/> with each chunk's encoded rows and their labels, in order.</summary>
    /// <param name="classOf">The class of each of the source's labels, -1 where it has none; null where labels do not matter.</param>
    /// <param name="count">Takes dense or block rows, whichever the encoder makes, and the classes.</param>
    /// <param name="cancellationToken">Checked between chunks.</param>
    public async Task ForEachChunkAsync(int[]? classOf, Action<EncodedChunk> count, CancellationToken cancellationToken)
    {
        var number = Selection?.Start ?? 0;
        for (var first = range.First; first < range.First + range.Count; first += _chunkRows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var most = (int)Math.Min(_chunkRows, range.First + range.Count - first);
            if (Selection is { } selection && source.Specification.Removed.IsEmpty && !selection.Within(number, most).Any())
            {
                number += most;
                continue;
            }
            var rows = await reader.ReadKeptAsync(source, first, most, cancellationToken);
            if (rows.Rows.Count == 0)
                continue;
            var classes = classOf is null ? [] : new int[rows.Labels.Length];
            for (var m = 0; m < classes.Length; m++)
            {
                classes[m] = classOf![rows.Labels[m]];
                if (classes[m] < 0)
                    throw UnknownLabel(rows.Labels[m], KeptRows.RowAt(source, first, m));
            }
            var encoded = rows.Rows;
            if (Selection is not null)
                (encoded, classes) = Select(Selection.Within(number, rows.Rows.Count), rows.Rows, classes);
            number += rows.Rows.Count;
            if (encoded.Count > 0)
                count(Encode(encoded, classes, first));
        }
    }

    private static (RawRows Rows, int[] Classes) Select(IEnumerable<(int Offset, int Count)> runs, RawRows rows, int[] classes)
    {
        var wanted = runs.ToArray();
        var count = wanted.Sum(run => run.Count);
        if (count == rows.Count)
            return (rows, classes);
        var size = rows.Shape.BytesPerRow;
        var (data, labels, at) = (new byte[count * size], new int[count], 0);
        foreach (var (offset, length) in wanted)
        {
            rows.Data.Span.Slice(offset * size, length * size).CopyTo(data.AsSpan(at * size));
            classes.AsSpan(offset, length).CopyTo(labels.AsSpan(at));
            at += length;
        }
        return (new RawRows(rows.Shape, count, data), labels);
    }

    private EncodedChunk Encode(RawRows rows, int[] classes, long firstRow)
    {
        try
        {
            return encoder.Layout.Kind == EncodingKind.Dense
                ? new EncodedChunk(encoder.EncodeDense(rows), null, classes)
                : new EncodedChunk(null, encoder.EncodeBlocks(rows), classes);
        }
        catch (InvalidValueException invalid)
        {
            throw new JobException(
                $"{SourceReader.Describe(source, KeptRows.RowAt(source, firstRow, invalid.Row), invalid.Column)} is {invalid.Value}, expected {invalid.Expected}",
                "correct the value, or use another feature map");
        }
    }

    private JobException UnknownLabel(int label, long row) => new(
        $"{source.Files[0].Path} row {row}: the label '{source.Labels[label]}' does not occur in the training rows",
        "remove these rows, or train on rows of that label as well");
}

/// <summary>Some encoded rows, dense or blocks, and their classes.</summary>
internal sealed record EncodedChunk(DenseRows? Dense, BlockRows? Blocks, int[] Classes);
