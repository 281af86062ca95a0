namespace ExplicitCluster.Numerics.Features;

/// <summary>
/// Rows that are indices and values (<see cref="IndexKey"/>), indices ascending, as sparse rows: the indices that the vocabulary knows with their values; unknown ones are
/// dropped. Where the vocabulary is of buckets, values of indices in one bucket are added up. Belongs to one thread.
/// </summary>
public sealed class IndexEncoder : DocumentEncoder
{
    private readonly CountKind _counts;
    private readonly FeatureHash? _hash;
    private readonly Dictionary<int, int> _inputs = [];
    private (int Bucket, float Value)[] _buckets = new (int, float)[256];

    /// <param name="vocabulary">Of one group, the indices that are known.</param>
    /// <param name="counts">What a value counts as; binary: as 1.</param>
    public IndexEncoder(Vocabulary vocabulary, CountKind counts)
        : base(vocabulary.Layout)
    {
        _counts = counts;
        _hash = vocabulary.HashBits[0] > 0 ? new FeatureHash(0, vocabulary.HashBits[0]) : null;
        for (var input = 0; input < vocabulary.Groups[0].Count; input++)
            _inputs.Add(IndexKey.Of(vocabulary.Groups[0][input]), input);
    }

    /// <inheritdoc/>
    public override void Add(ReadOnlySpan<byte> row)
    {
        var pairs = row.Length / IndexKey.PairLength;
        Reserve(pairs);
        if (_hash is null)
        {
            for (var i = 0; i < pairs; i++)
            {
                var (index, value) = IndexKey.Pair(row, i);
                if (_inputs.TryGetValue(index, out var input))
                    Append(input, value, _counts);
            }
        }
        else
        {
            AppendBuckets(row, pairs);
        }
        EndRow();
    }

    private void AppendBuckets(ReadOnlySpan<byte> row, int pairs)
    {
        if (_buckets.Length < pairs)
            _buckets = new (int, float)[2 * pairs];
        Span<byte> feature = stackalloc byte[IndexKey.Length];
        for (var i = 0; i < pairs; i++)
        {
            var (index, value) = IndexKey.Pair(row, i);
            IndexKey.Write(index, feature);
            _buckets[i] = (_hash!.BucketOf(feature), value);
        }
        var sorted = _buckets.AsSpan(0, pairs);
        sorted.Sort(); // by value as well, so that a sum does not depend on the sorting
        for (int from = 0, end; from < pairs; from = end)
        {
            var sum = 0.0;
            for (end = from; end < pairs && sorted[end].Bucket == sorted[from].Bucket; end++)
                sum += sorted[end].Value;
            Append(sorted[from].Bucket, sum, _counts);
        }
    }
}
