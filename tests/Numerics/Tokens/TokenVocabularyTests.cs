using System.Text;
using CsCheck;
using ExplicitCluster.Numerics.Tokens;

namespace ExplicitCluster.Numerics.Tests.Tokens;

public class TokenVocabularyTests
{
    [Fact]
    public void Ids_go_by_frequency_and_ties_by_ordinal_order()
    {
        var vocabulary = TokenVocabulary.Of(Counted("b a c b a d é z"), size: 5);
        Assert.Equal(5, vocabulary.Size);
        Assert.Equal(["", "a", "b", "c", "d"], Enumerable.Range(0, 5).Select(id => Encoding.UTF8.GetString(vocabulary.Token(id))));
        Assert.Equal([0, 1, 2, 0], new[] { "é", "a", "b", "z" }.Select(token => vocabulary.IdOf(Encoding.UTF8.GetBytes(token))));
    }

    [Fact]
    public void A_vocabulary_larger_than_the_text_has_all_of_it() => Assert.Equal(3, TokenVocabulary.Of(Counted("x y x"), 1000).Size);

    [Fact]
    public void A_token_twice_is_refused()
    {
        var tokens = new TokenBuffer();
        tokens.Add("a"u8);
        tokens.Add("a"u8);
        Assert.Throws<ArgumentException>(() => new TokenVocabulary(tokens));
    }

    [Fact]
    public void Counts_are_those_of_a_dictionary() => Gen.Int[0, 5000].Array[0, 4000].Sample(numbers =>
    {
        var counts = new TokenCounts();
        foreach (var number in numbers)
            counts.Add(TokenOf(number));
        var expected = numbers.CountBy(number => number).ToDictionary();
        Assert.Equal(expected.Count, counts.Distinct);
        Assert.Equal(numbers.Length, counts.Total);
        Assert.All(expected, pair => Assert.Equal(pair.Value, counts.CountOf(TokenOf(pair.Key))));
        Assert.Equal(0, counts.CountOf("other"u8));
    }, iter: 30);

    /// <summary>Tokens of 0 to 19 bytes.</summary>
    private static byte[] TokenOf(int number) => Encoding.UTF8.GetBytes(new string('x', number % 16) + (number == 0 ? "" : $"{number}"));

    private static TokenCounts Counted(string text)
    {
        var (counts, tokens) = (new TokenCounts(), new TokenBuffer());
        new WordTokenizer().Split(Encoding.UTF8.GetBytes(text), tokens);
        counts.Add(tokens);
        return counts;
    }
}
