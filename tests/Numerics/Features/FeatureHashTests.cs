using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using ExplicitCluster.Numerics.Features;
using ExplicitCluster.Numerics.Tokens;

namespace ExplicitCluster.Numerics.Tests.Features;

public class FeatureHashTests
{
    [Fact]
    public void Buckets_of_texts_hold_the_occurrences_whose_seeded_hash_has_their_low_bits()
    {
        const int Bits = 3;
        FeatureGroup[] groups = [new WordGroup(1, 2, CountKind.Raw), new CharacterGroup(2, 3, CountKind.Log)];
        var vocabulary = new Vocabulary([("words", FeatureList.Merge([]), Bits), ("chars", FeatureList.Merge([]), Bits)]);
        var encoder = new TextEncoder(new WordTokenizer(), groups, vocabulary);
        encoder.Add("to be or not to be"u8);
        encoder.Add(""u8);
        var rows = encoder.Take();

        var expected = new SortedDictionary<int, double>();
        foreach (var word in new[] { "to", "be", "or", "not", "to", "be", "to be", "be or", "or not", "not to", "to be" })
            Count(Encoding.UTF8.GetBytes(word), 0);
        foreach (var word in new[] { "<to>", "<be>", "<or>", "<not>", "<to>", "<be>" })
        {
            for (var n = 2; n <= 3; n++)
            {
                for (var i = 0; i + n <= word.Length; i++)
                    Count(Encoding.UTF8.GetBytes(word[i..(i + n)]), 1);
            }
        }
        Assert.Equal([0, expected.Count, expected.Count], rows.Starts);
        Assert.Equal(expected.Keys, rows.Indices);
        Assert.Equal(expected.Select(bucket => (float)(bucket.Key < 1 << Bits ? bucket.Value : Math.Log(1 + bucket.Value))), rows.Values);

        void Count(byte[] feature, int group)
        {
            var bucket = (group << Bits) + (int)(XxHash3.HashToUInt64(feature, 100 + group) % (1 << Bits));
            expected[bucket] = expected.GetValueOrDefault(bucket) + 1;
        }
    }

    [Fact]
    public void Values_of_indices_in_one_bucket_are_added_up_and_unknown_indices_dropped()
    {
        var row = RowOf((3, 0.5f), (70, 2f), (1 << 20, 0.25f));
        var counter = new IndexCounter();
        counter.Add(RowOf((70, 1f), (3, 1f)));
        counter.Add(RowOf((70, 1f)));
        var list = counter.ToLists()[0];
        Assert.Equal([3, 70], [IndexKey.Of(list[0]), IndexKey.Of(list[1])]);
        Assert.Equal([1, 2], list.Rows);

        var known = new IndexEncoder(new Vocabulary([("sparse", list)]), CountKind.Raw);
        known.Add(row);
        var rows = known.Take();
        Assert.Equal([0, 1], rows.Indices);
        Assert.Equal([0.5f, 2f], rows.Values);

        var hashed = new IndexEncoder(new Vocabulary([("sparse", FeatureList.Merge([]), 1)]), CountKind.Raw);
        hashed.Add(row);
        rows = hashed.Take();
        Assert.Equal(2.75, rows.Values.Sum(value => (double)value));
        Assert.InRange(rows.Entries, 1, 2);
    }

    private static byte[] RowOf(params (int Index, float Value)[] pairs)
    {
        var bytes = new byte[8 * pairs.Length];
        for (var i = 0; i < pairs.Length; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8 * i), pairs[i].Index);
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(8 * i + 4), pairs[i].Value);
        }
        return bytes;
    }
}
