using System.Runtime.InteropServices;
using System.Text;
using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Features;
using ExplicitCluster.Numerics.Tests.Features;
using ExplicitCluster.Numerics.Tokens;

namespace ExplicitCluster.Numerics.Tests.Encodings;

public class DocumentRowsTests
{
    private static readonly string[] Texts = ["a bb a", "", "ccc", "naïve bb", "", "a"];

    [Fact]
    public void Rows_of_every_kind_are_sliced_and_read_one_by_one()
    {
        var documents = TextRows.Raw(Texts);
        float[] numbers = [1, 2, 3, 4, 5, 6];
        var table = new RawRows(RowShape.Table(2), 3, MemoryMarshal.AsBytes<float>(numbers).ToArray());
        Assert.Equal([3, 4], MemoryMarshal.Cast<byte, float>(table.Slice(1, 2).Row(0)).ToArray());
        for (var first = 0; first <= Texts.Length; first++)
        {
            for (var count = 0; count <= Texts.Length - first; count++)
            {
                var slice = documents.Slice(first, count);
                Assert.Equal((count, RowShape.Texts), (slice.Count, slice.Shape));
                Assert.Equal(Texts[first..(first + count)], Enumerable.Range(0, count).Select(row => Encoding.UTF8.GetString(slice.Row(row))));
                Assert.Equal(string.Concat(Texts[first..(first + count)]), Encoding.UTF8.GetString(slice.Bytes));
                Assert.Equal(Texts[(first + count / 2)..(first + count)], Enumerable.Range(0, count - count / 2).Select(row => Encoding.UTF8.GetString(slice.Slice(count / 2, count - count / 2).Row(row))));
            }
        }
    }

    [Fact]
    public void An_encoder_of_one_thread_is_used_by_one_at_a_time_and_again()
    {
        var groups = TextRows.FourGroups();
        var vocabulary = TextRows.VocabularyOf(groups, 1, Texts);
        var made = 0;
        var encoder = RowEncoder.OfSparse(vocabulary.Layout, () =>
        {
            Interlocked.Increment(ref made);
            return new TextEncoder(new WordTokenizer(), TextRows.FourGroups(), vocabulary);
        });
        var expected = TextRows.Encode(groups, vocabulary, Texts);
        for (var i = 0; i < 3; i++)
            AssertEncoded();
        Assert.Equal(1, made);
        Parallel.For(0, 64, new ParallelOptions { MaxDegreeOfParallelism = 4 }, _ => AssertEncoded());
        Assert.InRange(made, 1, 4);
        Assert.Throws<InvalidOperationException>(() => RowEncoder.OfSparse(vocabulary.Layout).EncodeSparse(TextRows.Raw(Texts)));

        void AssertEncoded()
        {
            var rows = encoder.EncodeSparse(TextRows.Raw(Texts));
            Assert.Equal((IEnumerable<int>)expected.Starts, rows.Starts);
            Assert.Equal((IEnumerable<int>)expected.Indices, rows.Indices);
            Assert.Equal((IEnumerable<float>)expected.Values, rows.Values);
        }
    }
}
