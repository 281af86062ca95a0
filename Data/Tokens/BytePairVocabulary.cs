using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ExplicitCluster.Numerics.Tokens;

namespace ExplicitCluster.Data.Tokens;

/// <summary>Tokens of a byte-pair encoding by rank, from 0; every single byte is one, so that there is no text without tokens.</summary>
public sealed class BytePairVocabulary
{
    /// <summary>Most bytes of a file.</summary>
    public const int MostBytes = 64 << 20;

    private const string Expected = "expected a token in base64 and its rank, such as 'IQ== 0'";
    private const string Remedy = "give a vocabulary in the format of tiktoken, a line a token in the order of their ranks";

    private readonly byte[][] _tokens;

    private BytePairVocabulary(byte[][] tokens)
    {
        _tokens = tokens;
        var text = new StringBuilder();
        for (var rank = 0; rank < tokens.Length; rank++)
            text.Append(Convert.ToBase64String(tokens[rank])).Append(' ').Append(rank.ToString(CultureInfo.InvariantCulture)).Append('\n');
        Text = Encoding.ASCII.GetBytes(text.ToString());
        Sha256 = Convert.ToHexStringLower(SHA256.HashData(Text));
    }

    /// <summary>Number of tokens.</summary>
    public int Count => _tokens.Length;

    /// <summary>The bytes of a token.</summary>
    public ReadOnlySpan<byte> this[int rank] => _tokens[rank];

    /// <summary>The file: of every token its bytes in base64, a space, its rank and a line end.</summary>
    public byte[] Text { get; }

    /// <summary>Hex SHA-256 of <see cref="Text"/>.</summary>
    public string Sha256 { get; }

    /// <summary>Reads a file in the format of tiktoken. Ranks may be left out; a first line that tells their number is passed over.</summary>
    /// <param name="text">The file.</param>
    /// <param name="name">What errors call it.</param>
    /// <exception cref="TokenException">It is none.</exception>
    public static BytePairVocabulary Parse(ReadOnlySpan<byte> text, string name)
    {
        var (tokens, seen, line) = (new List<byte[]>(), new HashSet<string>(StringComparer.Ordinal), 0);
        while (!text.IsEmpty)
        {
            line++;
            var end = text.IndexOf((byte)'\n');
            var content = (end < 0 ? text : text[..end]).TrimEnd((byte)'\r');
            text = end < 0 ? [] : text[(end + 1)..];
            if (content.IsEmpty || (line == 1 && content.StartsWith("Capacity:"u8)))
                continue;
            var space = content.IndexOf((byte)' ');
            var token = TokenOf(space < 0 ? content : content[..space]) ?? throw Bad("this is no token; " + Expected);
            if (space >= 0 && !(Utf8Parser.TryParse(content[(space + 1)..], out int rank, out var read) && read == content.Length - space - 1 && rank == tokens.Count))
                throw Bad($"token {tokens.Count} has another rank than {tokens.Count}; {Expected}, ranks from 0 on without a gap");
            if (!seen.Add(Convert.ToHexString(token)))
                throw Bad("this token is in the vocabulary already; expected every token once");
            tokens.Add(token);
        }
        for (var single = 0; single < 256; single++)
        {
            if (!seen.Contains(single.ToString("X2", CultureInfo.InvariantCulture)))
                throw new TokenException($"the vocabulary {name} has {tokens.Count} tokens and none for the byte 0x{single:X2}; expected every single byte among them", Remedy);
        }
        return new BytePairVocabulary([.. tokens]);

        TokenException Bad(string what) => new($"{name}, line {line}: {what}", Remedy);
    }

    private static byte[]? TokenOf(ReadOnlySpan<byte> base64)
    {
        var bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(base64.Length)];
        return Base64.DecodeFromUtf8(base64, bytes, out var read, out var written) == System.Buffers.OperationStatus.Done && read == base64.Length && written > 0
            ? bytes[..written]
            : null;
    }
}
