namespace ExplicitCluster.Numerics.Features;

/// <summary>Makes a <see cref="FeatureList"/> of features that come in ascending order.</summary>
/// <param name="capacity">About how many there will be.</param>
public sealed class FeatureListBuilder(int capacity)
{
    private readonly List<int> _ends = new(capacity);
    private readonly List<long> _rows = new(capacity);
    private readonly List<byte> _bytes = [];

    /// <summary>Appends a feature.</summary>
    /// <exception cref="Encodings.FeatureException">All features together are longer than an array.</exception>
    public void Add(ReadOnlySpan<byte> feature, long rows)
    {
        if ((long)_bytes.Count + feature.Length > Array.MaxLength)
            throw new Encodings.FeatureException($"the features of a group take more than {Array.MaxLength:N0} bytes", "raise features.minRows, or hash the group, e.g. hash: 20");
        _bytes.AddRange(feature);
        _ends.Add(_bytes.Count);
        _rows.Add(rows);
    }

    public FeatureList ToList() => new([.. _bytes], [.. _ends], [.. _rows]);
}
