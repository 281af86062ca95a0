using System.Text.RegularExpressions;
using ExplicitCluster.Numerics.Tokens;
using Microsoft.ML.Tokenizers;

namespace ExplicitCluster.Data.Tokens;

/// <summary>A byte-pair encoding: its vocabulary, and the pattern that cuts texts into pieces, which no token crosses. It may be asked by many threads at once.</summary>
public sealed class BytePairEncoding
{
    private static readonly TimeSpan MostTimeForAMatch = TimeSpan.FromSeconds(10);

    private readonly TiktokenTokenizer _tokenizer;

    /// <param name="vocabulary">The tokens.</param>
    /// <param name="pattern">A regular expression of .NET, whose matches are the pieces; what lies between them is dropped.</param>
    /// <exception cref="TokenException">The expression is none.</exception>
    public BytePairEncoding(BytePairVocabulary vocabulary, string pattern)
    {
        Vocabulary = vocabulary;
        try
        {
            var regex = new Regex(pattern, RegexOptions.Compiled | RegexOptions.CultureInvariant, MostTimeForAMatch);
            using var text = new MemoryStream(vocabulary.Text, writable: false);
            _tokenizer = TiktokenTokenizer.Create(text, new RegexPreTokenizer(regex, specialTokens: null), normalizer: null);
        }
        catch (RegexParseException exception)
        {
            throw new TokenException($"the pattern of tokens is no regular expression: {exception.Message}", "write it in the syntax of .NET");
        }
    }

    public BytePairVocabulary Vocabulary { get; }

    /// <summary>Ranks of the tokens of a text; texts that look like special tokens are texts.</summary>
    /// <exception cref="TokenException">The pattern takes too long.</exception>
    public IReadOnlyList<int> RanksOf(ReadOnlySpan<char> text)
    {
        try
        {
            return _tokenizer.EncodeToIds(text);
        }
        catch (RegexMatchTimeoutException)
        {
            throw new TokenException(
                $"the pattern of tokens took over {MostTimeForAMatch.TotalSeconds} s for one match in a text of {text.Length} characters",
                "write a pattern that needs no long search, for example without repeats of repeats");
        }
    }
}
