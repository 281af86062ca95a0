using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Groups;
using ExplicitCluster.Numerics.Mixed;
using ExplicitCluster.Numerics.Selection;
using ExplicitCluster.Numerics.Solution;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Numerics.Tests.Mixed;

/// <summary>A K for each group, against rows that are solved again without each of them, in float64.</summary>
public class MixedTests
{
    private const int Count = 90;
    private const int Classes = 3;

    private static readonly double[] Alphas = [.05, .4];

    private readonly int[] _labels = [.. Enumerable.Range(0, Count).Select(m => (m * m + m / 7) % Classes)];

    [Fact]
    public void K_of_groups_are_the_least_of_the_loss_of_rows_solved_again_without_each()
    {
        var rows = Rows(zeros: true);
        for (var alpha = 0; alpha < Alphas.Length; alpha++)
        {
            var search = Fit(ScoresOf(rows), alpha, rows.Length);
            var k = search.Trial;
            Assert.All(k, one => Assert.InRange(one, .1, 1000));
            var loss = LossPlain(rows, Alphas[alpha], k);
            Assert.Equal(loss, search.Loss / Count, 1e-5);
            for (var group = 0; group < k.Length; group++)
            {
                foreach (var step in new[] { -.03, .03 })
                    Assert.True(LossPlain(rows, Alphas[alpha], [.. k.Select((one, i) => i == group ? one * (1 + step) : one)]) > loss, $"group {group} is better by {step}");
            }
        }
    }

    [Fact]
    public void One_group_has_the_losses_of_the_ordinary_choice()
    {
        double[] ks = [1, 3, 8];
        foreach (var group in Rows(zeros: true))
        {
            var mixed = GroupOf(group);
            var grid = group.Dense is not null
                ? new DenseLeaveOneOut(mixed.Layout, mixed.Counts, mixed.Totals, ks, Alphas, .5).Score(group.Dense, _labels, CancellationToken.None)
                : new BlockLeaveOneOut(mixed.Layout, mixed.Counts, mixed.Totals, ks, Alphas, .5).Score(group.Blocks!, _labels, CancellationToken.None);
            var scores = ScoresOf([group], .5);
            for (var alpha = 0; alpha < Alphas.Length; alpha++)
            {
                for (var k = 0; k < ks.Length; k++)
                {
                    var sums = scores.Sums(alpha, [ks[k]]).ToNumbers();
                    Assert.Equal(grid.Rows, sums.Rows);
                    Assert.Equal(grid.CrossEntropy(alpha, k), sums.Loss / sums.Rows, 1e-6);
                }
                Assert.True(Fit(scores, alpha, 1).Loss / grid.Rows <= Enumerable.Range(0, ks.Length).Min(k => grid.CrossEntropy(alpha, k)) + 1e-6);
            }
        }
    }

    [Fact]
    public void A_group_that_misleads_has_K_below_0_and_one_that_says_nothing_changes_nothing()
    {
        var rows = Rows(zeros: false);
        var (rank, constant) = (NewBlock(Count), NewBlock(1));
        for (var m = 0; m < Count; m++)
            rank.Block(0)[m] = (ushort)(m % 5 == 0 ? Count - 1 - _labels[m] : _labels.Take(m).Count(label => label == _labels[m])); // but for a fifth of the rows, without a row only other classes have its code
        var without = Fit(ScoresOf(rows), 0, 2);
        var misled = Fit(ScoresOf([.. rows, new GroupRows(null, rank)]), 0, 3);
        Assert.True(misled.Trial[2] < 0 && misled.Loss < without.Loss);
        var same = Fit(ScoresOf([.. rows, new GroupRows(null, constant)]), 0, 3);
        Assert.Equal([.. without.Trial, 0], same.Trial, (a, b) => Math.Abs(a - b) < 1e-4 * (1 + a));
        Assert.Equal(without.Loss, same.Loss, 1e-6);

        static BlockRows NewBlock(int codes) => new(RowLayout.OfBlocks([("block", 1, codes)]), Count);
    }

    [Fact]
    public void Groups_that_say_the_same_share_the_K_of_one()
    {
        var rows = Rows(zeros: false);
        var (twice, once) = (Fit(ScoresOf([rows[0], rows[1], rows[1]]), 1, 3), Fit(ScoresOf(rows), 1, 2));
        Assert.Equal(once.Loss, twice.Loss, 1e-7);
        Assert.Equal(once.Trial[1], twice.Trial[1] + twice.Trial[2], 1e-3 * once.Trial[1]);
    }

    [Fact]
    public void Sums_of_disjoint_rows_add_up_to_the_bit()
    {
        var rows = Rows(zeros: true);
        var leaveOneOut = new MixedLeaveOneOut([.. rows.Select(GroupOf)], Alphas, 0);
        var whole = leaveOneOut.NewScores();
        leaveOneOut.AddTo(whole, rows, _labels, CancellationToken.None);
        var expected = whole.Sums(1, [2, 5]);
        var sum = new Numerics.Groups.ExactTemperatureSums(2);
        foreach (var order in new int[][] { [.. Enumerable.Range(50, 40)], [.. Enumerable.Range(0, 50)] })
        {
            var part = leaveOneOut.NewScores();
            leaveOneOut.AddTo(part, [.. rows.Select(group => Pick(group, order))], RandomRows.Pick(_labels, order), CancellationToken.None);
            sum.Add(part.Sums(1, [2, 5]));
        }
        Assert.Equal((expected.Rows, expected.Loss), (sum.Rows, sum.Loss));
        Assert.Equal(expected.Gradient, sum.Gradient);
        Assert.Equal(expected.Curvature, sum.Curvature);
    }

    private static TemperatureSearch Fit(MixedScores scores, int alpha, int groups)
    {
        var search = TemperatureSearch.OfGroups(groups);
        for (var passes = 0; !search.IsDone; passes++)
        {
            Assert.True(passes < 40, $"no end after {passes} passes, at {string.Join(' ', search.Trial)}");
            search.Take(scores.Sums(alpha, search.Trial).ToNumbers());
        }
        return search;
    }

    private MixedScores ScoresOf(IReadOnlyList<GroupRows> rows, double beta = 0)
    {
        var leaveOneOut = new MixedLeaveOneOut([.. rows.Select(GroupOf)], Alphas, beta);
        var scores = leaveOneOut.NewScores();
        leaveOneOut.AddTo(scores, rows, _labels, CancellationToken.None);
        return scores;
    }

    private MixedGroup GroupOf(GroupRows rows)
    {
        var statistics = rows.Dense is not null ? DenseStatistics.Accumulate(rows.Dense, _labels, Classes) : BlockStatistics.Accumulate(rows.Blocks!, _labels, Classes);
        var layout = rows.Dense is { } dense ? RowLayout.Dense([("test", dense.Inputs)]) : rows.Blocks!.Layout;
        return new MixedGroup(layout, statistics.Counts, new ClassTotals(statistics.ClassRows, statistics.ClassMass), statistics.ZeroRows);
    }

    private static GroupRows Pick(GroupRows rows, int[] order) =>
        new(rows.Dense is null ? null : RandomRows.Pick(rows.Dense, order), rows.Blocks is null ? null : RandomRows.Pick(rows.Blocks, order));

    /// <summary>Bytes and codes that lean towards the class, and at times towards another.</summary>
    private GroupRows[] Rows(bool zeros)
    {
        const int Inputs = 12, Blocks = 4, Codes = 6;
        var random = new Random(5);
        var data = new byte[Count * Inputs];
        var blocks = new BlockRows(RowLayout.OfBlocks([("test", Blocks, Codes)]), Count);
        for (var m = 0; m < Count; m++)
        {
            for (var j = 0; j < Inputs; j++)
                data[m * Inputs + j] = (byte)(zeros && m % 13 == 5 ? 0 : random.Next(j % Classes == Leaning(m) ? 200 : 120));
            for (var block = 0; block < Blocks; block++)
                blocks.Block(block)[m] = (ushort)(random.Next(3) == 0 ? Leaning(m) : random.Next(Codes));
        }
        return [new GroupRows(new DenseRows(Count, Inputs, isBytes: true, data), null), new GroupRows(null, blocks)];

        int Leaning(int m) => random.Next(3) == 0 ? random.Next(Classes) : _labels[m];
    }

    /// <summary>The mean loss as docs/math.md 13 defines it: for every row all counts are taken again without it.</summary>
    private double LossPlain(GroupRows[] rows, double alpha, double[] k)
    {
        var sum = 0.0;
        for (var m = 0; m < Count; m++)
        {
            int[] others = [.. Enumerable.Range(0, Count).Where(row => row != m)];
            var scores = new double[Classes];
            for (var c = 0; c < Classes; c++)
            {
                var mine = others.Where(row => _labels[row] == c).ToArray();
                scores[c] = Math.Log((double)mine.Length / others.Length) + k[0] * DenseScore(rows[0].Dense!, m, mine, alpha) + k[1] * BlockScore(rows[1].Blocks!, m, mine, alpha);
            }
            sum += Math.Log(scores.Sum(score => Math.Exp(score - scores[_labels[m]])));
        }
        return sum / Count;
    }

    private static double DenseScore(DenseRows rows, int m, int[] ofClass, double alpha)
    {
        double[] Shares(int row)
        {
            var values = rows.Bytes.Slice(row * rows.Inputs, rows.Inputs).ToArray();
            var norm = values.Sum(value => (double)value);
            return [.. values.Select(value => norm == 0 ? 0 : value / norm)];
        }
        var f = new double[rows.Inputs];
        foreach (var row in ofClass)
        {
            foreach (var (j, share) in Shares(row).Index())
                f[j] += share;
        }
        var t = f.Sum();
        return Shares(m).Select((share, j) => share == 0 ? 0 : share * (Math.Log(f[j] + alpha) - Math.Log(t + alpha * rows.Inputs))).Sum();
    }

    private static double BlockScore(BlockRows rows, int m, int[] ofClass, double alpha) => Enumerable.Range(0, rows.Layout.Blocks).Average(block =>
    {
        var (code, size) = (rows.Block(block)[m], rows.Layout.BlockSize(block));
        return Math.Log(ofClass.Count(row => rows.Block(block)[row] == code) + alpha) - Math.Log(ofClass.Length + alpha * size);
    });
}
