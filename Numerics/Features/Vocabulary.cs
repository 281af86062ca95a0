using ExplicitCluster.Numerics.Encodings;

namespace ExplicitCluster.Numerics.Features;

/// <summary>The features that a model knows, group by group: group 0's first, each group in ordinal order. A feature's place is its input.</summary>
public sealed class Vocabulary
{
    /// <param name="groups">Name and features of each group.</param>
    public Vocabulary(IReadOnlyList<(string Name, FeatureList Features)> groups)
    {
        Groups = [.. groups.Select(group => group.Features)];
        Layout = RowLayout.Sparse(groups.Select(group => (group.Name, group.Features.Count)));
    }

    /// <summary>The features of every group.</summary>
    public IReadOnlyList<FeatureList> Groups { get; }

    /// <summary>The layout of the rows that it encodes.</summary>
    public RowLayout Layout { get; }

    /// <summary>The bytes of an input.</summary>
    public ReadOnlySpan<byte> this[int input]
    {
        get
        {
            var (group, index) = Locate(input);
            return Groups[group][index];
        }
    }

    /// <summary>Rows that had an input when the vocabulary was counted.</summary>
    public long RowsOf(int input)
    {
        var (group, index) = Locate(input);
        return Groups[group].Rows[index];
    }

    /// <summary>(D) rows that had each input when the vocabulary was counted.</summary>
    public long[] Rows() => [.. Groups.SelectMany(group => group.Rows)];

    private (int Group, int Index) Locate(int input)
    {
        var group = 0;
        while (input >= Layout.Maps[group].FirstInput + Layout.Maps[group].Inputs)
            group++;
        return (group, input - Layout.Maps[group].FirstInput);
    }
}
