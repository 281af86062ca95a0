using System.Text;
using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Features;
using ExplicitCluster.Numerics.Groups;
using ExplicitCluster.Numerics.Metrics;
using ExplicitCluster.Numerics.Scoring;
using ExplicitCluster.Numerics.Selection;
using ExplicitCluster.Numerics.Solution;
using ExplicitCluster.Numerics.Statistics;
using ExplicitCluster.Numerics.Tokens;

namespace ExplicitCluster.Bench;

/// <summary>Classifiers of package descriptions by the bare kernels, from UTF-8 bytes to weights.</summary>
internal sealed class TextTask
{
    private const double Beta = 0.5;

    private readonly string[] _labels;

    public TextTask(DebianSections sections)
    {
        _labels = [.. sections.Train.Select(row => row.Label).Distinct().Order(StringComparer.Ordinal)];
        (Train, Labels) = Encode(sections.Train);
        (Test, TestLabels) = Encode([.. sections.Test.Where(row => Array.BinarySearch(_labels, row.Label, StringComparer.Ordinal) >= 0)]);
    }

    public byte[][] Train { get; }

    public int[] Labels { get; }

    public byte[][] Test { get; }

    public int[] TestLabels { get; }

    public int Classes => _labels.Length;

    public static FeatureGroup[] Words { get; } = [new WordGroup(1, 1, CountKind.Raw)];

    public static FeatureGroup[] FourGroups { get; } =
        [new WordGroup(1, 1, CountKind.Binary), new WordGroup(2, 2, CountKind.Binary), new CharacterGroup(3, 5, CountKind.Binary), new PositionGroup(CountKind.Binary)];

    public static Vocabulary VocabularyOf(IReadOnlyList<FeatureGroup> groups, long least, IEnumerable<byte[]> texts)
    {
        var counter = new FeatureCounter(new WordTokenizer(), groups);
        foreach (var text in texts)
            counter.Add(text);
        return new Vocabulary([.. groups.Zip(counter.ToLists(), (group, list) => (group.Name, list.AtLeast(least)))]);
    }

    public static SparseRows Encode(IReadOnlyList<FeatureGroup> groups, Vocabulary vocabulary, IEnumerable<byte[]> texts)
    {
        var encoder = new TextEncoder(new WordTokenizer(), groups, vocabulary);
        foreach (var text in texts)
            encoder.Add(text);
        return encoder.Take();
    }

    /// <summary>From raw text to the weights of a words classifier.</summary>
    public (SparseLayer Layer, Vocabulary Vocabulary) SolveWords(double k, double alpha)
    {
        var vocabulary = VocabularyOf(Words, 1, Train);
        var rows = Encode(Words, vocabulary, Train);
        var statistics = SparseStatistics.Accumulate(rows, SparseScale.Norm, Labels, Classes);
        var solution = new ExplicitSolution(vocabulary.Layout, new ClassTotals(statistics.ClassRows, statistics.ClassMass), new SolveSettings(k, alpha, Beta));
        return (new SparseLayer(vocabulary.Layout, SparseScale.Norm, solution.Bias(), solution.Solve(statistics.Counts)), vocabulary);
    }

    /// <summary>K and alpha by the training rows of index 9 modulo 10.</summary>
    public (double K, double Alpha, double CrossEntropy) ChooseWords(double[] ks, double[] alphas)
    {
        var vocabulary = VocabularyOf(Words, 1, Train.Where((_, i) => i % 10 != 9));
        var rows = Encode(Words, vocabulary, Train.Where((_, i) => i % 10 != 9));
        var statistics = SparseStatistics.Accumulate(rows, SparseScale.Norm, [.. Labels.Where((_, i) => i % 10 != 9)], Classes);
        var heldOut = new SparseHeldOut(vocabulary.Layout, statistics.Counts, new ClassTotals(statistics.ClassRows, statistics.ClassMass), ks, alphas, Beta);
        var grid = heldOut.Score(Encode(Words, vocabulary, Train.Where((_, i) => i % 10 == 9)), [.. Labels.Where((_, i) => i % 10 == 9)], [], CancellationToken.None);
        var (k, alpha) = grid.Choose();
        return (k, alpha, grid.CrossEntropy(Array.IndexOf(alphas, alpha), Array.IndexOf(ks, k)));
    }

    /// <summary>From raw text to the weights of four groups with temperatures; <paramref name="done"/> is told of each step.</summary>
    public (SparseLayer Layer, Vocabulary Vocabulary, GroupedSolution Solution, long Entries) SolveGroups(double rho, GroupedSettings settings, Action<string> done)
    {
        var vocabulary = VocabularyOf(FourGroups, 2, Train);
        done("vocabulary");
        var rows = Encode(FourGroups, vocabulary, Train);
        done("features");
        var scale = SparseScale.ByGroup(rho);
        var solution = new GroupedSolution([rows], [Labels], scale, new FeatureSlots(vocabulary.Layout, vocabulary.Rows()), Classes);
        done("counts");
        solution.Train(settings);
        done("layers and temperatures");
        return (new SparseLayer(vocabulary.Layout, scale, solution.Bias(), solution.Weights()), vocabulary, solution, rows.Entries);
    }

    public Evaluation Evaluate(IReadOnlyList<FeatureGroup> groups, Vocabulary vocabulary, SparseLayer layer)
    {
        var rows = Encode(groups, vocabulary, Test);
        var scores = new double[rows.Count * Classes];
        layer.Score(rows, 0, rows.Count, scores);
        var evaluation = new Evaluation(Classes);
        evaluation.Add(scores, TestLabels);
        return evaluation;
    }

    private (byte[][] Texts, int[] Labels) Encode(IReadOnlyList<SectionRow> rows) =>
        ([.. rows.Select(row => Encoding.UTF8.GetBytes(row.Text))], [.. rows.Select(row => Array.BinarySearch(_labels, row.Label, StringComparer.Ordinal))]);
}
