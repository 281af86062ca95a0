using ExplicitCluster.Numerics.Refinement;

namespace ExplicitCluster.Numerics.Tests.Refinement;

public sealed class SgdRowsTests
{
    [Fact]
    public void Rows_appended_in_pieces_are_the_rows_appended_at_once()
    {
        var random = new Random(1);
        var labels = RandomRows.Labels(random, 2500, 4);
        var settings = new SgdSettings { Rounds = 1 };
        var dense = RandomRows.Bytes(random, 2500, 9);
        var whole = SgdRowsOf.Dense(dense, labels, 4);
        var parts = new SgdDenseRows(9, isBytes: true, 4);
        for (var first = 0; first < 2500; first += 700)
            parts.Append(dense, first, labels.AsSpan(first, Math.Min(700, 2500 - first)));
        Assert.Equal(2500, parts.Count);
        Assert.Equal(whole.Bytes, parts.Bytes);
        Assert.Equal(SgdDenseRows.BytesFor(9, isBytes: true, 2500), parts.Bytes);
        Assert.Equal(LocalSteps.Of(whole, settings).Run(0, 0), LocalSteps.Of(parts, settings).Run(0, 0));
    }

    [Fact]
    public void Bytes_and_codes_are_kept_as_they_are()
    {
        Assert.InRange(SgdDenseRows.BytesFor(784, isBytes: true, 60_000), 60_000 * 784, 60_000 * 784 * 1.05);
        Assert.InRange(SgdBlockRows.BytesFor(2292, 60_000), 60_000L * 2292 * 2, 60_000L * 2292 * 2 * 1.05);
    }

    [Fact]
    public void Rows_that_do_not_fit_are_refused()
    {
        var random = new Random(2);
        var dense = new SgdDenseRows(4, isBytes: true, 2);
        Assert.Throws<ArgumentException>(() => dense.Append(RandomRows.Bytes(random, 3, 5), 0, new int[3]));
        Assert.Throws<ArgumentException>(() => dense.Append(RandomRows.Floats(random, 3, 4), 0, new int[3]));
        Assert.Throws<ArgumentException>(() => dense.Append(RandomRows.Bytes(random, 3, 4), 1, new int[3]));
        Assert.Throws<ArgumentException>(() => dense.Append(RandomRows.Bytes(random, 3, 4), 0, [0, 1, 2]));

        var rows = RandomRows.Blocks(random, 3, 2, 3);
        var layout = rows.Layout;
        Assert.Throws<ArgumentException>(() => new SgdBlockRows(layout, [0, 0, 0], 1, 2));
        Assert.Throws<ArgumentException>(() => new SgdBlockRows(layout, [0, 1, 2, 2, 3, 4], 5, 2));
        Assert.Throws<ArgumentException>(() => new SgdBlockRows(layout, [0, 1, 2, 3, 4, 5], 5, 2));
        var blocks = new SgdBlockRows(layout, [0, 1, 2, 3, 4, 4], 5, 2);
        Assert.Throws<ArgumentException>(() => blocks.Append(RandomRows.Blocks(random, 3, 3, 3), 0, new int[3]));
        rows.Block(1)[2] = 3;
        Assert.Throws<ArgumentException>(() => blocks.Append(rows, 0, new int[3]));
    }
}
