using System.IO.Hashing;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Numerics.Tokens;

namespace ExplicitCluster.Data.Formats;

/// <summary>
/// Tokens with a number each, as an artifact: the count of tokens; of each its length, its bytes and its number; all numbers of variable length; last the XxHash128 of
/// all before. Counts of a shard are in ordinal order, a vocabulary in that of its ids from 1.
/// </summary>
public static class TokenFile
{
    private const int HashLength = 16;

    /// <summary>Writes tokens in the order of <paramref name="order"/>.</summary>
    public static async Task WriteAsync(IArtifactStore store, string name, TokenCounts counts, int[] order, CancellationToken ct)
    {
        var bytes = new byte[Varint.MaxLength + order.Sum(number => 2 * Varint.MaxLength + counts.Token(number).Length)];
        var at = Varint.Write(bytes, 0, (ulong)order.Length);
        foreach (var number in order)
        {
            var token = counts.Token(number);
            at = Varint.Write(bytes, at, (ulong)token.Length);
            token.CopyTo(bytes.AsSpan(at));
            at = Varint.Write(bytes, at + token.Length, (ulong)counts.Count(number));
        }
        var content = bytes.AsMemory(0, at);
        await store.WriteAsync(name, async (stream, token) =>
        {
            await stream.WriteAsync(content, token);
            await stream.WriteAsync(XxHash128.Hash(content.Span), token);
        }, WriteCondition.Always, ct);
    }

    /// <summary>The tokens and their numbers, in the order of the file; null where there is no such artifact.</summary>
    /// <exception cref="ArtifactDamagedException">It is damaged.</exception>
    public static async Task<(TokenBuffer Tokens, long[] Numbers)?> ReadAsync(IArtifactStore store, string name, CancellationToken ct)
    {
        if (await store.ReadAsync(name, ct) is not { } artifact)
            return null;
        ReadOnlySpan<byte> content = artifact.Content;
        if (content.Length < HashLength || !XxHash128.Hash(content[..^HashLength]).AsSpan().SequenceEqual(content[^HashLength..]))
            throw new ArtifactDamagedException(name, "its checksum", "that of its bytes", "another");
        content = content[..^HashLength];
        var at = 0;
        var tokens = new TokenBuffer();
        var numbers = new long[Varint.Read(content, ref at)];
        for (var i = 0; i < numbers.Length; i++)
        {
            var length = (int)Varint.Read(content, ref at);
            tokens.Add(content.Slice(at, length));
            at += length;
            numbers[i] = (long)Varint.Read(content, ref at);
        }
        return (tokens, numbers);
    }
}
