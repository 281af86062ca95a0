using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Features;
using ExplicitCluster.Numerics.Layers;
using ExplicitCluster.Numerics.Solution;
using ExplicitCluster.Numerics.Statistics;
using ExplicitCluster.Numerics.Tests.Features;
using ExplicitCluster.Numerics.Tokens;

namespace ExplicitCluster.Numerics.Tests.Layers;

/// <summary>Some texts with a vocabulary of their own, and layers that learned from them.</summary>
internal sealed class TextLayerSample
{
    public const double Alpha = 0.02;

    private readonly Func<FeatureGroup[]> _groups;

    /// <param name="groups">1: words, counted; 4: the groups of the golden cases, and words with the logs of their counts.</param>
    /// <param name="minRows">Rows that have a feature at least.</param>
    /// <param name="texts">The texts.</param>
    /// <param name="labels">A class each.</param>
    /// <param name="classes">C.</param>
    public TextLayerSample(int groups, int minRows, string[] texts, int[] labels, int classes)
    {
        _groups = groups == 1 ? () => [new WordGroup(1, 1, CountKind.Raw)] : () => [new WordGroup(1, 1, CountKind.Log), .. TextRows.FourGroups()[1..]];
        (Texts, Labels, Classes) = (texts, labels, classes);
        var vocabulary = TextRows.VocabularyOf(_groups(), minRows, texts);
        Below = RowEncoder.OfSparse(vocabulary.Layout, () => new TextEncoder(new WordTokenizer(), _groups(), vocabulary));
        (Raw, Rows) = (TextRows.Raw(texts), TextRows.Encode(_groups(), vocabulary, texts));
        Vanishing = [.. vocabulary.Rows().Select(rows => rows == minRows)];
    }

    public string[] Texts { get; }

    public int[] Labels { get; }

    public int Classes { get; }

    public RowEncoder Below { get; }

    public RawRows Raw { get; }

    public SparseRows Rows { get; }

    public bool[] Vanishing { get; }

    /// <summary>A few words a class and words of all; some that one text alone has, and now and then a text without a word.</summary>
    public static TextLayerSample Random(int seed, int groups, int minRows, int count, int classes)
    {
        var random = new Random(seed);
        var labels = RandomRows.Labels(random, count, classes);
        string[] texts = [.. labels.Select((label, m) => m % 11 == 10 ? "" : string.Join(' ', Enumerable.Range(0, 1 + random.Next(7)).Select(_ => Word(label, m))))];
        return new TextLayerSample(groups, minRows, texts, labels, classes);

        string Word(int label, int m) => random.Next(4) switch { 0 => $"own{m}", 1 => $"of{label}x{random.Next(3)}", _ => $"{(char)('a' + random.Next(8))}b" };
    }

    public WindowGrid Windows(int width) => new((Below.Layout.Maps.Count, 1), (width, 1), 1);

    /// <summary>A layer that learned the labels of the texts.</summary>
    public SparseWindowScores ScoresOf(WindowGrid windows, LayerTargets? targets = null) => ScoresOf(windows, Labels, Classes, targets, null);

    /// <summary>A layer that learned other labels.</summary>
    public SparseWindowScores ScoresOf(WindowGrid windows, int[] labels, int classes, LayerTargets? targets, Subclasses? subclasses)
    {
        var statistics = SparseStatistics.Accumulate(Rows, SparseScale.Norm, labels, classes);
        var totals = new ClassTotals(statistics.ClassRows, statistics.ClassMass);
        return new SparseWindowScores(Below.Layout, windows, statistics.Counts, totals, Alpha, targets) { Subclasses = subclasses, Vanishing = Vanishing };
    }

    public (long[] Sums, long[] Weights, int[] Targets) Score(ILayerScores scores, int[] own)
    {
        var (sums, weights) = (new long[Raw.Count * scores.Windows * scores.Targets.Columns], new long[Raw.Count * scores.Windows]);
        var targets = scores.Score(Below, Raw, own, sums, weights).ToArray();
        return (sums, weights, targets);
    }

    /// <summary>The same texts but one.</summary>
    public TextLayerSample Without(int m, int minRows) => new(_groups().Length, minRows, [.. Texts[..m], .. Texts[(m + 1)..]], [.. Labels[..m], .. Labels[(m + 1)..]], Classes);
}
