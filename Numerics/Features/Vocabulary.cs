using ExplicitCluster.Numerics.Encodings;

namespace ExplicitCluster.Numerics.Features;

/// <summary>
/// The features that a model knows, group by group: group 0's first, each group in ordinal order. A feature's place is its input. A hashed group knows no features: its
/// inputs are the buckets of a <see cref="FeatureHash"/>.
/// </summary>
public sealed class Vocabulary
{
    /// <param name="groups">Name and features of each group, and the bits of its hash; 0 for a group that is not hashed.</param>
    public Vocabulary(IReadOnlyList<(string Name, FeatureList Features, int HashBits)> groups)
    {
        Groups = [.. groups.Select(group => group.Features)];
        HashBits = [.. groups.Select(group => group.HashBits)];
        Layout = RowLayout.Sparse(groups.Select(group => (group.Name, group.HashBits > 0 ? 1 << group.HashBits : group.Features.Count)));
    }

    /// <param name="groups">Name and features of each group.</param>
    public Vocabulary(IReadOnlyList<(string Name, FeatureList Features)> groups)
        : this([.. groups.Select(group => (group.Name, group.Features, 0))])
    {
    }

    /// <summary>The features of every group; none of a hashed one.</summary>
    public IReadOnlyList<FeatureList> Groups { get; }

    /// <summary>The bits of every group's hash, 0 where it has none.</summary>
    public IReadOnlyList<int> HashBits { get; }

    /// <summary>The layout of the rows that it encodes.</summary>
    public RowLayout Layout { get; }

    /// <summary>The bytes of an input that is no bucket.</summary>
    public ReadOnlySpan<byte> this[int input]
    {
        get
        {
            var (group, index) = Locate(input);
            return Groups[group][index];
        }
    }

    /// <summary>Rows that had an input when the vocabulary was counted; null for a bucket, of which nobody counted them.</summary>
    public long? RowsOf(int input)
    {
        var (group, index) = Locate(input);
        return HashBits[group] > 0 ? null : Groups[group].Rows[index];
    }

    /// <summary>(D) rows that had each input when the vocabulary was counted; for groups that are not hashed.</summary>
    public long[] Rows() => [.. Groups.SelectMany(group => group.Rows)];

    /// <summary>The group of an input, and its place there.</summary>
    public (int Group, int Index) Locate(int input)
    {
        var group = 0;
        while (input >= Layout.Maps[group].FirstInput + Layout.Maps[group].Inputs)
            group++;
        return (group, input - Layout.Maps[group].FirstInput);
    }
}
