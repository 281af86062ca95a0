using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Refinement;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Numerics.Tests.Refinement;

/// <summary>The kernels of a chunk against their plain twins, to the bit, over rows, classes and blocks that fill vectors, tiles and groups or do not.</summary>
public class SweepKernelTests
{
    private const double Alpha = 0.7;

    public static TheoryData<int, int, int, int> Sizes =>
    [
        (2, 2, 2, 3), (5, 3, 3, 2), (64, 10, 17, 9), (100, 4, 4, 300), (1030, 10, 21, 5), (257, 13, 40, 4), (3, 1, 2, 2), (2100, 7, 5, 40),
    ];

    [Theory, MemberData(nameof(Sizes))]
    public void Kernels_give_the_bits_of_the_plain_definitions(int count, int classes, int blocks, int codes)
    {
        var random = new Random(count + classes);
        var rows = RandomRows.Blocks(random, count, blocks, codes);
        var labels = RandomRows.Labels(random, count, classes);
        foreach (var row in Enumerable.Range(0, count).Where(row => row < 2))
        {
            for (var block = 0; block < blocks; block++)
                rows.Block(block)[row] = (ushort)row; // two codes at least in every block
        }
        var table = BlockStatistics.Accumulate(rows, labels, classes).Counts;
        var compaction = new CodeCompaction(rows.Layout, table, 1);
        AssertTwins(random, new SweepCounts(compaction, table), rows, labels);
    }

    [Fact]
    public void Workers_of_0_to_256_rows_have_the_plain_twins_bits()
    {
        var random = new Random(9);
        var rows = RandomRows.Blocks(random, 300, 6, 5);
        var labels = RandomRows.Labels(random, 300, 3);
        var table = BlockStatistics.Accumulate(rows, labels, 3).Counts;
        var counts = new SweepCounts(new CodeCompaction(rows.Layout, table, 1), table);
        for (var count = 0; count <= 256; count++)
        {
            var some = new BlockRows(rows.Layout, count);
            for (var block = 0; block < rows.Layout.Blocks; block++)
                rows.Block(block)[..count].CopyTo(some.Block(block));
            AssertTwins(random, counts, some, labels[..count]);
        }
    }

    private static void AssertTwins(Random random, SweepCounts counts, BlockRows rows, int[] labels)
    {
        var (compaction, count, classes) = (counts.Compaction, labels.Length, counts.Classes);
        var own = new SweepRows(compaction, count);
        own.Add(rows, labels);
        var scores = new double[count * classes];
        foreach (ref var score in scores.AsSpan())
            score = random.NextDouble() * 20 - 10;
        var run = new SweepRun(own, new SweepWorkspace(classes));
        run.SetScores(Turned(scores, count, classes));
        var chunk = new SweepChunk(compaction, [.. Enumerable.Range(0, compaction.Blocks).Reverse()]);

        var shares = SweepRun.SharesPlain(scores, classes);
        var expected = SweepRun.ExpectedPlain(own, chunk, shares, classes);
        var summed = new long[expected.Length];
        run.Expect(chunk, summed);
        Assert.Equal(expected, summed);

        var direction = SweepRun.DirectionPlain(own, chunk, counts, expected, shares, Alpha);
        run.Direct(chunk, counts, expected, Alpha);
        foreach (var step in (double[])[0, 0.3, -1])
            Assert.Equal(SweepRun.SumsPlain(scores, direction, labels, classes, step), run.SumsAt(step));

        run.Move(0.25);
        for (var i = 0; i < scores.Length; i++)
            scores[i] += direction[i] * 0.25;
        var moved = new double[scores.Length];
        run.CopyScoresTo(moved);
        Assert.Equal(Turned(scores, count, classes), moved);
    }

    [Fact]
    public void A_chunk_allocates_nothing_once_its_room_is_there()
    {
        var random = new Random(1);
        var rows = RandomRows.Blocks(random, 3000, 24, 40);
        var labels = RandomRows.Labels(random, 3000, 10);
        var table = BlockStatistics.Accumulate(rows, labels, 10).Counts;
        var compaction = new CodeCompaction(rows.Layout, table, 2);
        var counts = new SweepCounts(compaction, table);
        var own = new SweepRows(compaction, 3000);
        own.Add(rows, labels);
        var run = new SweepRun(own, new SweepWorkspace(10));
        var chunk = new SweepChunk(compaction, [.. Enumerable.Range(0, compaction.Blocks)]);
        var expected = new long[chunk.Cells * 10];
        var fewest = long.MaxValue;
        for (var time = 0; time < 4; time++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Once();
            fewest = Math.Min(fewest, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        Assert.Equal(0, fewest);

        void Once()
        {
            run.Expect(chunk, expected);
            run.Direct(chunk, counts, expected, 2);
            run.SumsAt(0.5);
            run.Move(0.5);
        }
    }

    [Fact]
    public void A_chunk_whose_counts_fit_no_array_is_refused()
    {
        var random = new Random(2);
        var rows = RandomRows.Blocks(random, 2000, 3, 300);
        var compaction = new CodeCompaction(rows.Layout, BlockStatistics.Accumulate(rows, new int[2000], 1).Counts, 1);
        var most = Array.MaxLength / sizeof(long) / (compaction.Layout.BlockSize(0) + 10);
        SweepPlan.Check(compaction, 1, most);
        var refused = Assert.Throws<FeatureException>(() => SweepPlan.Check(compaction, 3, most));
        Assert.Contains("a chunk of 3 blocks", refused.Message);
        Assert.Contains("refine.blocksPerChunk", refused.Remedy);
    }

    private static double[] Turned(double[] rowMajor, int rows, int classes)
    {
        var turned = new double[rowMajor.Length];
        for (var i = 0; i < turned.Length; i++)
            turned[i] = rowMajor[i % rows * classes + i / rows];
        return turned;
    }
}
