using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Features;
using ExplicitCluster.Numerics.Groups;
using ExplicitCluster.Numerics.Tests.Features;

namespace ExplicitCluster.Numerics.Tests.Groups;

/// <summary>The solution by groups on the path that the product takes, beside its float64 twin.</summary>
public class SlotScoresTests
{
    private static readonly string[] Words = ["card", "space", "editor", "foo", "tiny", "library", "game", "text", "two", "lib", "naïve"];

    [Theory]
    [InlineData(3, 1, 1)]
    [InlineData(6, 2, 2)]
    [InlineData(6, 1, 1, 4.0, 1.0, 0.5, 1.0, 3000.0, 1.0)]
    public void The_kernels_agree_with_the_twin(int classes, int passes, int parts, params double[] given)
    {
        var classWeights = given.Length == 0 ? null : given;
        var (rows, slots, labels, scale) = Sample(classes, 60);
        var settings = new GroupedSettings(Alpha: 0.5, PassAlpha: 3, passes, parts);
        var plain = new GroupedPlain(
            TextRows.Matrix(rows, scale.RoundedOfGroup), labels, classes, [.. Enumerable.Range(0, rows.Layout.Inputs).Select(input => slots[input])], slots.Count, classWeights);
        plain.Train(settings);

        var fast = new GroupedSolution([rows], [labels], scale, slots, classes, classWeights);
        fast.Train(settings);
        Assert.Equal(plain.Temperatures.Count, fast.Temperatures.Count);
        for (var fit = 0; fit < plain.Temperatures.Count; fit++)
        {
            for (var k = 0; k < slots.Count; k++)
                Assert.Equal(plain.Temperatures[fit][k], fast.Temperatures[fit][k], 1e-5);
        }
        for (var m = 0; m < rows.Count; m++)
        {
            for (var c = 0; c < classes; c++)
                Assert.Equal(plain.LeftOut[m, c], fast.Parts[0].Scores[m * fast.Parts[0].Stride + c], 1e-5);
        }
        var weights = fast.Weights();
        for (var j = 0; j < rows.Layout.Inputs; j++)
        {
            for (var c = 0; c < classes; c++)
                Assert.Equal(plain.Weights[j, c], weights[j * classes + c], 1e-5);
        }
    }

    [Fact]
    public void The_cut_of_the_rows_does_not_change_a_bit()
    {
        var (rows, slots, labels, scale) = Sample(5, 60);
        var settings = new GroupedSettings(Alpha: 0.5, PassAlpha: 3, Passes: 1);
        var whole = new GroupedSolution([rows], [labels], scale, slots, 5);
        whole.Train(settings);
        int[] cuts = [0, 7, 8, 41, 60];
        var ranges = cuts.Zip(cuts.Skip(1)).ToList();
        var cut = new GroupedSolution(
            [.. ranges.Select(range => Pick(rows, range.First, range.Second))], [.. ranges.Select(range => labels[range.First..range.Second])], scale, slots, 5);
        cut.Train(settings);
        Assert.Equal(whole.Temperatures.SelectMany(e => e), cut.Temperatures.SelectMany(e => e));
        Assert.Equal(whole.Weights(), cut.Weights());
    }

    private static (SparseRows Rows, FeatureSlots Slots, int[] Labels, SparseScale Scale) Sample(int classes, int count)
    {
        var random = new Random(7);
        var labels = RandomRows.Labels(random, count, classes);
        string[] texts = [.. labels.Select(label => string.Join(' ', Enumerable.Range(0, 1 + random.Next(5)).Select(_ => Words[(random.Next(6) + 2 * label) % Words.Length])))];
        FeatureGroup[] groups = TextRows.FourGroups();
        var vocabulary = TextRows.VocabularyOf(groups, 2, texts);
        var slots = new FeatureSlots(vocabulary.Layout, [.. Enumerable.Range(0, vocabulary.Layout.Inputs).Select(input => vocabulary.RowsOf(input)!.Value)]);
        return (TextRows.Encode(groups, vocabulary, texts), slots, labels, SparseScale.ByGroup(0.75));
    }

    private static SparseRows Pick(SparseRows rows, int first, int end)
    {
        var (from, to) = (rows.Starts[first], rows.Starts[end]);
        return new SparseRows(rows.Layout, [.. rows.Starts[first..(end + 1)].Select(start => start - from)], rows.Indices[from..to], rows.Values[from..to]);
    }
}
