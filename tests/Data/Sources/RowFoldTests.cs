using System.Text;
using ExplicitCluster.Data.Sources;

namespace ExplicitCluster.Data.Tests.Sources;

public sealed class RowFoldTests
{
    [Fact]
    public void Folds_are_these_and_about_equally_large()
    {
        var counts = new int[RowFold.Count];
        for (var row = 0; row < 20_000; row++)
            counts[RowFold.Of(BitConverter.GetBytes(row), "a"u8)]++;
        Assert.All(counts, count => Assert.InRange(count, 1800, 2200));
        Assert.Equal([3, 7, 4, 0, 5], Enumerable.Range(0, 5).Select(row => RowFold.Of([(byte)row, 1, 2], Encoding.UTF8.GetBytes($"{row}"))));
    }

    [Fact]
    public void The_label_and_every_byte_count()
    {
        var row = new byte[300];
        Assert.True(Enumerable.Range(0, 300).Select(at => Changed(at)).Distinct().Count() > 1);
        Assert.True(Enumerable.Range(0, 40).Select(label => RowFold.Of(row, Encoding.UTF8.GetBytes($"{label}"))).Distinct().Count() > 1);

        int Changed(int at)
        {
            var changed = (byte[])row.Clone();
            changed[at] = 1;
            return RowFold.Of(changed, "a"u8);
        }
    }
}
