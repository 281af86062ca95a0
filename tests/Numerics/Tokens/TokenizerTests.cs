using System.Text;
using CsCheck;
using ExplicitCluster.Numerics.Tokens;

namespace ExplicitCluster.Numerics.Tests.Tokens;

public class TokenizerTests
{
    private const string KingJames = @"[a-z]+(?:'[a-z]+)?|[0-9]+|[.,;:?!()]";

    [Theory]
    [InlineData("In the Beginning, God's 7", "in|the|beginning|god|s|7")]
    [InlineData("", "")]
    [InlineData("  --  ", "")]
    [InlineData("ÄRGER naïve naïve x²Ⅷ", "ärger|naïve|naïve|x²ⅷ")]
    [InlineData("\ud83d\ude00日本語 Ⱥ", "日本語|ⱥ")]
    public void Words_are_runs_of_letters_marks_and_numbers(string text, string expected) => Assert.Equal(expected, Split(new WordTokenizer(), text));

    [Fact]
    public void Case_is_kept_where_lower_case_is_off()
    {
        Assert.Equal("In|The|Ö", Split(new WordTokenizer(lowerCase: false), "In The Ö"));
        Assert.Equal("In|The", Split(new PatternTokenizer("[A-Za-z]+", lowerCase: false), "In The Ö"));
        Assert.Equal("A|Ö", Split(new CharacterTokenizer(lowerCase: false), "AÖ"));
    }

    [Theory]
    [InlineData("And God's Spirit; moved (twice).", "and|god's|spirit|;|moved|(|twice|)|.")]
    [InlineData("well-being 'tis 40 days'", "well|being|tis|40|days")]
    [InlineData("café God’s", "caf|god|s")]
    public void A_pattern_matches_text_in_lower_case(string text, string expected) => Assert.Equal(expected, Split(new PatternTokenizer(KingJames), text));

    [Fact]
    public void A_pattern_takes_characters_of_all_languages_and_drops_empty_matches() =>
        Assert.Equal("ärger|\ud801\udc28", Split(new PatternTokenizer(@"(?:[\p{L}]|\ud801.)*"), "ÄRGER 12 \ud801\udc00"));

    [Fact]
    public void Characters_and_bytes_are_tokens_too()
    {
        Assert.Equal("a| |é|\ud83d\ude00", Split(new CharacterTokenizer(), "A É\ud83d\ude00"));
        var tokens = new TokenBuffer();
        new ByteTokenizer().Split("Aé"u8, tokens);
        Assert.Equal([[0x41], [0xC3], [0xA9]], Enumerable.Range(0, tokens.Count).Select(i => tokens[i].ToArray()));
    }

    [Fact]
    public void Bytes_that_are_no_UTF8_count_as_a_character_that_separates_words()
    {
        var tokens = new TokenBuffer();
        new WordTokenizer().Split([(byte)'a', 0xFF, (byte)'b', 0xE2, 0x82], tokens);
        Assert.Equal("a|b", Joined(tokens));
        tokens.Clear();
        new CharacterTokenizer().Split([0xE2, 0x82, (byte)'b'], tokens);
        Assert.Equal("\uFFFD|b", Joined(tokens));
    }

    [Fact]
    public void A_pattern_that_is_none_says_so()
    {
        var exception = Assert.Throws<TokenException>(() => new PatternTokenizer("[a-"));
        Assert.Contains("[a-", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Words_are_those_of_the_pattern_that_says_the_same() => Gen.String[0, 40].Sample(text =>
    {
        var rule = new PatternTokenizer(@"(?:[\p{L}\p{M}\p{N}])+");
        // The pattern sees halves of characters beyond 16 bits.
        text = new string([.. text.Where(c => !char.IsSurrogate(c))]);
        return Split(rule, text) == Split(new WordTokenizer(), text);
    });

    private static string Split(Tokenizer tokenizer, string text)
    {
        var tokens = new TokenBuffer();
        tokenizer.Split(Encoding.UTF8.GetBytes(text), tokens);
        return Joined(tokens);
    }

    private static string Joined(TokenBuffer tokens) =>
        string.Join('|', Enumerable.Range(0, tokens.Count).Select(i => Encoding.UTF8.GetString(tokens[i])));
}
