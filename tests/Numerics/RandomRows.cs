using System.Runtime.InteropServices;
using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Numerics.Tests;

/// <summary>Rows and labels for kernels, from a seed.</summary>
internal static class RandomRows
{
    public static int[] Labels(Random random, int count, int classes)
    {
        var labels = new int[count];
        foreach (ref var label in labels.AsSpan())
            label = random.Next(classes);
        return labels;
    }

    /// <summary>Bytes with many zeros; now and then a row of nothing else.</summary>
    public static DenseRows Bytes(Random random, int count, int inputs)
    {
        var data = new byte[count * inputs];
        for (var i = 0; i < data.Length; i++)
            data[i] = (byte)(random.Next(3) == 0 || i / inputs % 11 == 10 ? 0 : random.Next(256));
        return new DenseRows(count, inputs, isBytes: true, data);
    }

    public static DenseRows Floats(Random random, int count, int inputs)
    {
        var data = new float[count * inputs];
        for (var i = 0; i < data.Length; i++)
            data[i] = random.Next(3) == 0 || i / inputs % 11 == 10 ? 0 : random.NextSingle() * 1000;
        return new DenseRows(count, inputs, isBytes: false, MemoryMarshal.AsBytes<float>(data).ToArray());
    }

    public static BlockRows Blocks(Random random, int count, int blocks, int codes)
    {
        var rows = new BlockRows(RowLayout.OfBlocks([("test", blocks, codes)]), count);
        for (var block = 0; block < blocks; block++)
        {
            foreach (ref var code in rows.Block(block))
                code = (ushort)(random.Next(2) == 0 ? random.Next(Math.Min(3, codes)) : random.Next(codes));
        }
        return rows;
    }

    /// <summary>Three groups of counts; now and then a row of nothing.</summary>
    public static SparseRows Sparse(Random random, int count, int inputs)
    {
        var layout = RowLayout.Sparse([("a", inputs / 2), ("b", 0), ("c", inputs - inputs / 2)]);
        var (starts, indices, values) = (new List<int> { 0 }, new List<int>(), new List<float>());
        for (var row = 0; row < count; row++)
        {
            for (var input = random.Next(3); input < inputs && row % 11 != 10; input += 1 + random.Next(5))
            {
                indices.Add(input);
                values.Add(1 + random.Next(4));
            }
            starts.Add(indices.Count);
        }
        return new SparseRows(layout, [.. starts], [.. indices], [.. values]);
    }

    /// <summary>The rows that <paramref name="order"/> names, in that order.</summary>
    public static DenseRows Pick(DenseRows rows, int[] order)
    {
        var size = rows.Inputs * (rows.IsBytes ? 1 : sizeof(float));
        var all = rows.IsBytes ? rows.Bytes : MemoryMarshal.AsBytes(rows.Floats);
        var data = new byte[order.Length * size];
        for (var i = 0; i < order.Length; i++)
            all.Slice(order[i] * size, size).CopyTo(data.AsSpan(i * size));
        return new DenseRows(order.Length, rows.Inputs, rows.IsBytes, data);
    }

    /// <summary>The rows that <paramref name="order"/> names, in that order.</summary>
    public static BlockRows Pick(BlockRows rows, int[] order)
    {
        var picked = new BlockRows(rows.Layout, order.Length);
        for (var block = 0; block < rows.Layout.Blocks; block++)
        {
            for (var i = 0; i < order.Length; i++)
                picked.Block(block)[i] = rows.Block(block)[order[i]];
        }
        return picked;
    }

    public static int[] Pick(int[] labels, int[] order) => Array.ConvertAll(order, row => labels[row]);

    public static void AssertEqual(SufficientStatistics expected, SufficientStatistics actual)
    {
        Assert.Equal(expected.Counts.Inputs, actual.Counts.Inputs);
        Assert.Equal(expected.Counts.Seen, actual.Counts.Seen);
        Assert.Equal(expected.Counts.Counts, actual.Counts.Counts);
        Assert.Equal(expected.ClassRows, actual.ClassRows);
        Assert.Equal(expected.ClassMass, actual.ClassMass);
        Assert.Equal(expected.ZeroRows, actual.ZeroRows);
    }

    /// <summary>F of both, as every cell of (D, C).</summary>
    public static long[] Sum(SufficientStatistics one, SufficientStatistics other)
    {
        var classes = one.Counts.Classes;
        var sum = new long[one.Counts.Inputs * classes];
        foreach (var table in new[] { one.Counts, other.Counts })
        {
            for (var i = 0; i < table.Seen.Length; i++)
            {
                for (var c = 0; c < classes; c++)
                    sum[table.Seen[i] * classes + c] += table.Row(i)[c];
            }
        }
        return sum;
    }
}
