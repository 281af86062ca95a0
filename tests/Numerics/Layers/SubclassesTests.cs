using System.IO.Hashing;
using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Layers;
using ExplicitCluster.Numerics.Solution;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Numerics.Tests.Layers;

public class SubclassesTests
{
    private const int Side = 5;
    private const int Classes = 2;
    private const int Kinds = 3;
    private const int Count = 240;
    private const double Alpha = 0.05;

    private readonly int[] _labels = RandomRows.Labels(new Random(5), Count, Classes);
    private readonly int[] _kinds = RandomRows.Labels(new Random(6), Count, Kinds);
    private readonly RawRows _rows;

    public SubclassesTests()
    {
        var random = new Random(9);
        var values = new byte[Count * Side * Side];
        for (var i = 0; i < values.Length; i++)
        {
            var (m, column) = (i / (Side * Side), i % Side);
            values[i] = (byte)Math.Clamp((column % Kinds == _kinds[m] ? 170 : 60) + 25 * _labels[m] + random.Next(-50, 51), 0, 255);
        }
        _rows = new RawRows(RowShape.Image(Side, Side), Count, values);
    }

    public static TheoryData<bool, int> Passes => new() { { true, 0 }, { true, 1 }, { true, 4 }, { false, 1 }, { false, 4 } };

    [Theory, MemberData(nameof(Passes))]
    public void Passes_are_those_of_their_definition_which_counts_and_scores_row_by_row(bool areBlocks, int passes)
    {
        BlockMap bins = new BinsMap([90, 150]);
        var below = new RowEncoder(areBlocks ? [bins] : [new ComplementMap()], _rows.Shape);
        var tables = new List<ILayerScores>();
        int[] targets = [];
        for (var pass = 0; pass <= passes; pass++)
        {
            var subclasses = new Subclasses(Kinds, 1, [.. tables]);
            targets = areBlocks ? subclasses.Of(_rows, below.EncodeBlocks(_rows), _labels) : subclasses.Of(_rows, below.EncodeDense(_rows), _labels);
            tables.Add(ScoresOf(below, WindowGrid.Whole(below.Layout), targets, null));
        }
        Assert.Equal(areBlocks ? BlocksPlain(below.EncodeBlocks(_rows), passes) : DensePlain(below.EncodeDense(_rows), passes), targets);
        Assert.All(targets.Zip(_labels), row => Assert.Equal(row.Second, row.First / Kinds));
        if (passes == 4)
            Assert.InRange(Enumerable.Range(0, Classes).Sum(y => _kinds.Zip(targets).Where(row => row.Second / Kinds == y).GroupBy(row => row).GroupBy(same => same.Key.Second).Sum(kind => kind.Max(same => same.Count()))), .8 * Count, Count); // the kinds are found
    }

    [Fact]
    public void A_layer_of_sub_classes_leaves_a_row_out_of_the_one_that_it_ended_in()
    {
        BlockMap bins = new BinsMap([90, 150]);
        var below = new RowEncoder([bins], _rows.Shape);
        var start = new Subclasses(Kinds, 1, []).Of(_rows, below.EncodeBlocks(_rows), _labels);
        var subclasses = new Subclasses(Kinds, 1, [ScoresOf(below, WindowGrid.Whole(below.Layout), start, null)]);
        var targets = subclasses.Of(_rows, below.EncodeBlocks(_rows), _labels);
        var windows = new WindowGrid((Side, Side), (3, 3), 2);
        var (hidden, plain) = ((WindowScores)ScoresOf(below, windows, targets, subclasses), (WindowScores)ScoresOf(below, windows, targets, null));
        var (seen, expected, weights) = (new long[Count * 4 * 6], new long[Count * 4 * 6], new long[Count * 4]);
        Assert.Equal(targets, hidden.Score(below, _rows, _labels, seen, weights));
        plain.ScorePlain(below.EncodeBlocks(_rows), targets, 0, Count, expected);
        Assert.Equal(expected, seen);
        hidden.Score(below, _rows, [], seen, weights);
        plain.ScorePlain(below.EncodeBlocks(_rows), [], 0, Count, expected);
        Assert.Equal(expected, seen);
        var soft = new RowEncoder([new SoftmaxMap(below, windows, hidden.Targets, hidden, k: 3, beta: 0)], _rows.Shape);
        var values = soft.EncodeDense(_rows, _labels).Floats.ToArray();
        Assert.All(values, value => Assert.InRange(value, 0, 1));
        Assert.Equal(Count * 4, values.Sum(value => (double)value), 1e-3);
    }

    private ILayerScores ScoresOf(RowEncoder below, WindowGrid windows, int[] targets, Subclasses? subclasses)
    {
        var isDense = below.Layout.Kind == EncodingKind.Dense;
        var statistics = isDense
            ? DenseStatistics.Accumulate(below.EncodeDense(_rows), targets, Classes * Kinds)
            : BlockStatistics.Accumulate(below.EncodeBlocks(_rows), targets, Classes * Kinds);
        var totals = new ClassTotals(statistics.ClassRows, statistics.ClassMass);
        return isDense
            ? new DenseWindowScores(below.Layout, windows, statistics.Counts, totals, Alpha) { Subclasses = subclasses }
            : new WindowScores(below.Layout, windows, statistics.Counts, totals, Alpha) { Subclasses = subclasses };
    }

    private int[] StartPlain() =>
        [.. Enumerable.Range(0, Count).Select(m => _labels[m] * Kinds + (int)(XxHash3.HashToUInt64(_rows.Bytes.Slice(m * Side * Side, Side * Side), 1) % Kinds))];

    /// <summary>Counts in float64 of all rows but the row itself, and logarithms of the library.</summary>
    private int[] BlocksPlain(BlockRows rows, int passes) => Plain(passes, (targets, m, c) =>
    {
        var others = Enumerable.Range(0, Count).Where(i => i != m && targets[i] == c).ToArray();
        var sum = 0.0;
        for (var block = 0; block < rows.Layout.Blocks; block++)
            sum += Math.Log(others.Count(i => rows.Block(block)[i] == rows.Block(block)[m]) + Alpha) - Math.Log(others.Length + Alpha * rows.Layout.BlockSize(block));
        return sum;
    });

    private int[] DensePlain(DenseRows rows, int passes) => Plain(passes, (targets, m, c) =>
    {
        var size = rows.Inputs;
        var counts = new double[size];
        foreach (var i in Enumerable.Range(0, Count).Where(i => i != m && targets[i] == c))
        {
            for (var j = 0; j < size; j++)
                counts[j] += ShareOf(i, j);
        }
        return Enumerable.Range(0, size).Sum(j => ShareOf(m, j) * (Math.Log(counts[j] + Alpha) - Math.Log(counts.Sum() + Alpha * size)));

        double ShareOf(int m, int j) => rows.Bytes[m * size + j] / (255.0 * Side * Side);
    });

    private int[] Plain(int passes, Func<int[], int, int, double> score)
    {
        var targets = StartPlain();
        for (var pass = 0; pass < passes; pass++)
            targets = [.. Enumerable.Range(0, Count).Select(m => Enumerable.Range(_labels[m] * Kinds, Kinds).MaxBy(c => score(targets, m, c)))];
        return targets;
    }
}
