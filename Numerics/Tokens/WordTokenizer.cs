using System.Globalization;
using System.Text;

namespace ExplicitCluster.Numerics.Tokens;

/// <summary>
/// Words: the longest runs of letters (Unicode categories L*), marks (M*) and numbers (N*). Everything else separates and is dropped, so that "don't"
/// is two words and "naïve" one, however its ï is written.
/// </summary>
/// <param name="lowerCase">Whether characters are made lower case, each by its simple mapping, in no language.</param>
public sealed class WordTokenizer(bool lowerCase = true) : Tokenizer
{
    private readonly byte[] _ascii = AsciiOf(lowerCase);

    public override void Split(ReadOnlySpan<byte> text, TokenBuffer tokens)
    {
        for (var at = 0; at < text.Length;)
        {
            // A character of two bytes may have three in lower case (U+023A), none has more.
            var word = tokens.Room(2 * (text.Length - at));
            var length = 0;
            var inside = true;
            while (inside && at < text.Length)
            {
                if (text[at] < 0x80)
                {
                    word[length] = _ascii[text[at++]];
                    inside = word[length] != 0;
                    length += inside ? 1 : 0;
                    continue;
                }
                Rune.DecodeFromUtf8(text[at..], out var rune, out var read);
                at += read;
                inside = Rune.GetUnicodeCategory(rune) <= UnicodeCategory.OtherNumber;
                length += inside ? (lowerCase ? Rune.ToLowerInvariant(rune) : rune).EncodeToUtf8(word[length..]) : 0;
            }
            if (length > 0)
                tokens.Commit(length);
        }
    }

    /// <summary>What each ASCII character becomes within a word; 0 for those that separate.</summary>
    private static byte[] AsciiOf(bool lowerCase)
    {
        var table = new byte[128];
        for (var c = 0; c < table.Length; c++)
            table[c] = !char.IsAsciiLetterOrDigit((char)c) ? (byte)0 : lowerCase ? (byte)char.ToLowerInvariant((char)c) : (byte)c;
        return table;
    }
}
