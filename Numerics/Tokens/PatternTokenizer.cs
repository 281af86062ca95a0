using System.Text;
using System.Text.RegularExpressions;

namespace ExplicitCluster.Numerics.Tokens;

/// <summary>The matches of a regular expression of .NET, in no language; what lies between them is dropped, and so are empty matches.</summary>
public sealed class PatternTokenizer : Tokenizer
{
    private static readonly TimeSpan MostTimeForAMatch = TimeSpan.FromSeconds(10);

    private readonly Regex _pattern;
    private readonly bool _lowerCase;
    private char[] _text = [];
    private byte[] _ascii = [];

    /// <param name="pattern">The expression; it is matched against the text after that was made lower case.</param>
    /// <param name="lowerCase">Whether characters are first made lower case, each by its simple mapping, in no language.</param>
    /// <exception cref="TokenException">The expression is none.</exception>
    public PatternTokenizer(string pattern, bool lowerCase = true)
    {
        _lowerCase = lowerCase;
        try
        {
            _pattern = new Regex(pattern, RegexOptions.Compiled | RegexOptions.CultureInvariant, MostTimeForAMatch);
        }
        catch (RegexParseException exception)
        {
            throw new TokenException($"the pattern of tokens is no regular expression: {exception.Message}", "write it in the syntax of .NET");
        }
    }

    /// <inheritdoc/>
    public override void Split(ReadOnlySpan<byte> text, TokenBuffer tokens)
    {
        if (_text.Length < text.Length)
            _text = new char[Math.Max(text.Length, 2 * _text.Length)];
        try
        {
            if (Ascii.IsValid(text))
                SplitAscii(text, tokens);
            else
                SplitAny(text, tokens);
        }
        catch (RegexMatchTimeoutException)
        {
            throw new TokenException(
                $"the pattern of tokens took over {MostTimeForAMatch.TotalSeconds} s for one match in a text of {text.Length} bytes",
                "write a pattern that needs no long search, for example without repeats of repeats");
        }
    }

    /// <summary>A character is a byte: matches are cut out of the bytes.</summary>
    private void SplitAscii(ReadOnlySpan<byte> text, TokenBuffer tokens)
    {
        if (_lowerCase)
        {
            if (_ascii.Length < text.Length)
                _ascii = new byte[_text.Length];
            Ascii.ToLower(text, _ascii, out _);
            text = _ascii.AsSpan(0, text.Length);
        }
        var characters = _text.AsSpan(0, text.Length);
        Ascii.ToUtf16(text, characters, out _);
        foreach (var match in _pattern.EnumerateMatches(characters))
        {
            if (match.Length > 0)
                tokens.Add(text.Slice(match.Index, match.Length));
        }
    }

    private void SplitAny(ReadOnlySpan<byte> text, TokenBuffer tokens)
    {
        var characters = _text.AsSpan(0, Encoding.UTF8.GetChars(text, _text));
        if (_lowerCase)
            LowerCase(characters);
        foreach (var match in _pattern.EnumerateMatches(characters))
        {
            if (match.Length > 0)
                tokens.Add(characters.Slice(match.Index, match.Length));
        }
    }

    /// <summary>In place: a character in lower case has as many UTF-16 units as before.</summary>
    private static void LowerCase(Span<char> characters)
    {
        for (var i = 0; i < characters.Length; i++)
        {
            if (char.IsHighSurrogate(characters[i]) && i + 1 < characters.Length)
            {
                Rune.ToLowerInvariant(new Rune(characters[i], characters[i + 1])).EncodeToUtf16(characters.Slice(i, 2));
                i++;
            }
            else
            {
                characters[i] = char.ToLowerInvariant(characters[i]);
            }
        }
    }
}
