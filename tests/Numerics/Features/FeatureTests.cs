using System.Text;
using CsCheck;
using ExplicitCluster.Numerics.Features;
using ExplicitCluster.Numerics.Tokens;

namespace ExplicitCluster.Numerics.Tests.Features;

public class FeatureTests
{
    [Theory]
    [InlineData("a b c", "a|a b|b|b c|c")]
    [InlineData("a", "a")]
    [InlineData("", "")]
    public void Words_are_runs_of_tokens(string text, string expected) => AssertFeatures(new WordGroup(1, 2, CountKind.Binary), text, expected);

    [Theory]
    [InlineData("ab", "<ab|<ab>|ab>")]
    [InlineData("é", "<é>")]
    [InlineData("añb", "<añ|<añb|añb|añb>|ñb>")]
    public void Characters_are_code_points_within_brackets(string text, string expected) => AssertFeatures(new CharacterGroup(3, 4, CountKind.Binary), text, expected);

    [Theory]
    [InlineData("", "")]
    [InlineData("ñandú", "f1:ñandú|l:ñandú|len:0|p3:ñan|p4:ñand")]
    [InlineData("ab cd", "f1:ab|f2:ab cd|l2:ab cd|l:cd|len:1|p3:ab|p4:ab|s2:cd")]
    [InlineData("a b c d e f g h i j k l m n o p q r s t", "f1:a|f2:a b|l2:s t|l:t|len:8|p3:a|p4:a|s2:b|s3:c")]
    public void Positions_say_what_stands_where(string text, string expected) => AssertFeatures(new PositionGroup(CountKind.Binary), text, expected);

    [Theory]
    [InlineData(CountKind.Raw, 1f, 2f)]
    [InlineData(CountKind.Binary, 1f, 1f)]
    [InlineData(CountKind.Log, 0.6931472f, 1.0986123f)]
    public void Counts_are_raw_binary_or_logarithms(CountKind kind, float once, float twice)
    {
        FeatureGroup[] groups = [new WordGroup(1, 1, kind)];
        var rows = TextRows.Encode(groups, TextRows.VocabularyOf(groups, 1, "to be or"), "to do to be");
        Assert.Equal([0, 2], rows.Indices);
        Assert.Equal([once, twice], rows.Values);
    }

    [Fact]
    public void Vocabularies_of_parts_merge_to_that_of_the_whole()
    {
        var text = Gen.String[Gen.Char["ab \u00e9"], 0, 12];
        text.Array[0, 12].Select(Gen.Int[0, 12]).Sample((texts, cut) =>
        {
            var groups = TextRows.FourGroups();
            var whole = Lists(groups, texts);
            var parts = new[] { Lists(groups, texts[..Math.Min(cut, texts.Length)]), Lists(groups, texts[Math.Min(cut, texts.Length)..]) };
            for (var g = 0; g < groups.Length; g++)
            {
                var merged = FeatureList.Merge([parts[0][g], parts[1][g]]);
                Assert.Equal(TextRows.FeaturesOf(whole[g]), TextRows.FeaturesOf(merged));
                Assert.Equal(whole[g].Rows, merged.Rows);
                Assert.Equal(whole[g].Rows.Count(rows => rows >= 2), merged.AtLeast(2).Count);
            }
        }, iter: 200);
    }

    private static FeatureList[] Lists(FeatureGroup[] groups, string[] texts)
    {
        var counter = new FeatureCounter(new WordTokenizer(), groups);
        foreach (var text in texts)
            counter.Add(Encoding.UTF8.GetBytes(text));
        return counter.ToLists();
    }

    private static void AssertFeatures(FeatureGroup group, string text, string expected)
    {
        var seen = TextRows.FeaturesOf(Lists([group], [text])[0]);
        Assert.Equal(expected.Split('|', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal), seen.Order(StringComparer.Ordinal));
    }
}
