using System.Runtime.CompilerServices;
using ExplicitCluster.Abstractions.Language;
using ExplicitCluster.Data.Documents;
using ExplicitCluster.Data.Sources;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Numerics.Tokens;

namespace ExplicitCluster.Grains.Language;

/// <summary>
/// The documents of a shard. Where they are blocks of tokens, a block belongs to the shard that it starts in, which reads on in the rows of the next shards until
/// it is whole; so no shard splits a document, and their documents together are those of one pass over the source.
/// </summary>
internal sealed class LanguageDocuments(IArtifactStore store, SourceReader reader, LanguageShardWork work)
{
    /// <summary>Bytes of texts that are read at once, about.</summary>
    public const long ChunkBytes = 2 << 20;

    /// <summary>Tokens of all rows of the shard.</summary>
    public async Task<long> CountTokensAsync(CancellationToken cancellationToken)
    {
        var (count, tokens, tokenizer) = (0L, new TokenBuffer(), await TokenizerAsync(cancellationToken));
        await foreach (var (chunk, _) in ChunksAsync(work.Shard.LastRow + 1, cancellationToken))
        {
            for (var row = 0; row < chunk.Count; row++)
            {
                tokens.Clear();
                tokenizer.Split(chunk[row], tokens);
                count += tokens.Count;
            }
        }
        return count;
    }

    /// <summary>The documents that count, in order.</summary>
    public IAsyncEnumerable<TokenDocument> ReadAsync(CancellationToken cancellationToken) =>
        work.Tokens.Block > 0 ? BlocksAsync(cancellationToken) : RowsAsync(cancellationToken);

    private async IAsyncEnumerable<TokenDocument> RowsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (document, tokenizer) = (new TokenDocument(), await TokenizerAsync(cancellationToken));
        await foreach (var (chunk, _) in ChunksAsync(work.Shard.LastRow + 1, cancellationToken))
        {
            for (var row = 0; row < chunk.Count; row++)
            {
                document.Tokens.Clear();
                tokenizer.Split(chunk[row], document.Tokens);
                yield return document;
            }
        }
    }

    private async IAsyncEnumerable<TokenDocument> BlocksAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        long size = work.Tokens.Block;
        var (tokens, document, tokenizer) = (new TokenBuffer(), new TokenDocument(), await TokenizerAsync(cancellationToken));
        var number = work.FirstToken; // of the next token, in the source
        var block = (number + size - 1) / size;
        await foreach (var (chunk, firstRow) in ChunksAsync(work.Source.Rows, cancellationToken))
        {
            for (var row = 0; row < chunk.Count; row++)
            {
                if (firstRow > work.Shard.LastRow && document.Tokens.Count == 0)
                    yield break; // the next block starts in the next shard
                tokens.Clear();
                tokenizer.Split(chunk[row], tokens);
                for (var i = 0; i < tokens.Count; i++, number++)
                {
                    if (number < block * size)
                        continue; // of a block that started in the shard before
                    document.Tokens.Add(tokens[i]);
                    if (document.Tokens.Count < size)
                        continue;
                    if (Counts(block++))
                        yield return document;
                    document.Tokens.Clear();
                    if (firstRow > work.Shard.LastRow)
                        yield break;
                }
            }
        }
    }

    private Task<Tokenizer> TokenizerAsync(CancellationToken cancellationToken) => Tokenizers.OfAsync(store, work.Tokens, cancellationToken);

    private bool Counts(long block) => work.Split is not { } split || (block % split.Every == split.Remainder) == split.IsHeldOut;

    /// <summary>Rows from the shard's first to before <paramref name="end"/> in chunks of about two megabytes, none with rows of this shard and of the next.</summary>
    private async IAsyncEnumerable<(DocumentChunk Chunk, long FirstRow)> ChunksAsync(long end, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var rows = Math.Clamp(ChunkBytes * work.Source.Rows / Math.Max(1, work.Source.Texts!.Bytes), 1, 1 << 16);
        for (var first = work.Shard.FirstRow; first < end;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var last = first <= work.Shard.LastRow ? Math.Min(end, work.Shard.LastRow + 1) : end;
            var count = (int)Math.Min(rows, last - first);
            yield return (await reader.ReadKeptDocumentsAsync(work.Source, first, count, cancellationToken), first);
            first += count;
        }
    }
}
