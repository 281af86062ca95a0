using System.Text;
using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Features;
using ExplicitCluster.Numerics.Tokens;

namespace ExplicitCluster.Numerics.Tests.Features;

/// <summary>Texts as sparse rows.</summary>
internal static class TextRows
{
    /// <summary>The four groups of the golden cases.</summary>
    public static FeatureGroup[] FourGroups() =>
    [
        new WordGroup(1, 1, CountKind.Binary),
        new WordGroup(2, 2, CountKind.Binary),
        new CharacterGroup(3, 5, CountKind.Binary),
        new PositionGroup(CountKind.Binary),
    ];

    public static Vocabulary VocabularyOf(IReadOnlyList<FeatureGroup> groups, long least, params IEnumerable<string> texts)
    {
        var counter = new FeatureCounter(new WordTokenizer(), groups);
        foreach (var text in texts)
            counter.Add(Encoding.UTF8.GetBytes(text));
        return new Vocabulary([.. groups.Zip(counter.ToLists(), (group, list) => (group.Name, list.AtLeast(least)))]);
    }

    public static SparseRows Encode(IReadOnlyList<FeatureGroup> groups, Vocabulary vocabulary, params IEnumerable<string> texts)
    {
        var encoder = new TextEncoder(new WordTokenizer(), groups, vocabulary);
        foreach (var text in texts)
            encoder.Add(Encoding.UTF8.GetBytes(text));
        return encoder.Take();
    }

    /// <summary>The texts as raw rows.</summary>
    public static RawRows Raw(params IEnumerable<string> texts)
    {
        var (bytes, ends) = (new List<byte>(), new List<int>());
        foreach (var text in texts)
        {
            bytes.AddRange(Encoding.UTF8.GetBytes(text));
            ends.Add(bytes.Count);
        }
        return RawRows.OfDocuments(bytes.ToArray(), ends.ToArray());
    }

    public static string[] FeaturesOf(FeatureList list) => [.. Enumerable.Range(0, list.Count).Select(i => Encoding.UTF8.GetString(list[i]))];

    /// <summary>(rows, D), every value multiplied by what <paramref name="factor"/> gives for the number of features of its group.</summary>
    public static double[,] Matrix(SparseRows rows, Func<int, double> factor)
    {
        var matrix = new double[rows.Count, rows.Layout.Inputs];
        for (var row = 0; row < rows.Count; row++)
        {
            for (int group = 0, from = rows.Starts[row]; from < rows.Starts[row + 1]; group++)
            {
                var end = rows.EndOfGroup(group, from, rows.Starts[row + 1]);
                var features = end - from;
                for (; from < end; from++)
                    matrix[row, rows.Indices[from]] = rows.Values[from] * factor(features);
            }
        }
        return matrix;
    }
}
