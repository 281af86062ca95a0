using System.Runtime.CompilerServices;
using ExplicitCluster.Abstractions.Errors;
using ExplicitCluster.Abstractions.Shards;
using ExplicitCluster.Data.Documents;
using ExplicitCluster.Data.Sources;
using ExplicitCluster.Grains.Shards;
using ExplicitCluster.Numerics.Features;

namespace ExplicitCluster.Grains.Texts;

/// <summary>Reads a range of texts or of sparse rows chunk by chunk, so that memory and the time to a cancellation are bounded however large a shard is. Rows that do not count are left out.</summary>
internal sealed class TextRows(SourceReader reader, SourceManifest source, RowRange range, HeldOutRows heldOut = HeldOutRows.WithOthers)
{
    private const int MostChunkRows = 8192;
    private const long MostChunkBytes = 256 << 20;

    /// <summary>Whether rows whose label has no class are passed over.</summary>
    public bool PassesUnknown { get; init; }

    /// <summary>Rows that were passed over so.</summary>
    public long Unknown { get; private set; }

    /// <summary>The rows of a shard.</summary>
    public static TextRows Of(SourceReader reader, ShardWork work, HeldOutRows heldOut, bool passesUnknown = false) =>
        new(reader, work.Source, new RowRange(work.Shard.FirstRow, work.Shard.LastRow - work.Shard.FirstRow + 1), heldOut) { PassesUnknown = passesUnknown };

    /// <summary>Rows read at once: 8,192, or as many of the longest as 256 MiB hold.</summary>
    public static int ChunkRowsOf(SourceManifest source) => (int)Math.Clamp(MostChunkBytes / Math.Max(1, source.Texts?.Longest ?? source.Sparse!.Longest), 1, MostChunkRows);

    /// <summary>The chunks that have a row, in order.</summary>
    public async IAsyncEnumerable<DocumentChunk> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var chunkRows = ChunkRowsOf(source);
        for (var first = range.First; first < range.First + range.Count; first += chunkRows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var rows = (int)Math.Min(chunkRows, range.First + range.Count - first);
            var chunk = await reader.ReadKeptDocumentsAsync(source, first, rows, cancellationToken);
            if (heldOut != HeldOutRows.WithOthers)
            {
                var are = RowFold.AreHeldOut(source, chunk);
                chunk = chunk.Take([.. Enumerable.Range(0, are.Length).Where(m => are[m] == (heldOut == HeldOutRows.Only))]);
            }
            if (chunk.Count > 0)
                yield return chunk;
        }
    }

    /// <summary>Calls <paramref name="count"/> with each chunk's encoded rows and their classes, in order.</summary>
    /// <param name="encoder">Belongs to the caller.</param>
    /// <param name="classOf">The class of each of the source's labels, -1 where it has none; null where labels do not matter.</param>
    /// <param name="count">Takes the rows.</param>
    /// <param name="cancellationToken">Checked between chunks.</param>
    public async Task ForEachChunkAsync(DocumentEncoder encoder, int[]? classOf, Action<EncodedChunk> count, CancellationToken cancellationToken)
    {
        await foreach (var read in ReadAsync(cancellationToken))
        {
            var chunk = classOf is not null && PassesUnknown ? KnownOf(read, classOf) : read;
            if (chunk.Count == 0)
                continue;
            for (var row = 0; row < chunk.Count; row++)
                encoder.Add(chunk[row]);
            count(new EncodedChunk(null, null, classOf is null ? [] : ClassesOf(chunk, classOf)) { Sparse = encoder.Take(), Weights = chunk.Weights });
        }
    }

    private DocumentChunk KnownOf(DocumentChunk chunk, int[] classOf)
    {
        var known = chunk.Take([.. Enumerable.Range(0, chunk.Count).Where(row => classOf[chunk.Labels[row]] >= 0)]);
        Unknown += chunk.Count - known.Count;
        return known;
    }

    /// <exception cref="JobException">A row's label has no class.</exception>
    public int[] ClassesOf(DocumentChunk chunk, int[] classOf)
    {
        var classes = new int[chunk.Labels.Length];
        for (var row = 0; row < classes.Length; row++)
        {
            classes[row] = classOf[chunk.Labels[row]];
            if (classes[row] < 0)
            {
                throw new JobException(
                    $"{source.Files[0].Path}: the label '{source.Labels[chunk.Labels[row]]}' does not occur in the training rows",
                    "remove these rows, or train on rows of that label as well");
            }
        }
        return classes;
    }
}
