using ExplicitCluster.Numerics.Encodings;

namespace ExplicitCluster.Numerics.Groups;

/// <summary>
/// Slots of inputs, each with a temperature of its own: four a group, by the number of training rows with the feature: up to 3, 4 to 19, 20 to 149, 150 and more.
/// </summary>
public sealed class FeatureSlots
{
    /// <summary>Slots a group.</summary>
    public const int Bins = 4;

    private static readonly long[] Edges = [4, 20, 150];

    private readonly byte[] _slotOf;

    /// <param name="layout">The groups; at most 63.</param>
    /// <param name="rows">(D) training rows with each input.</param>
    /// <exception cref="ArgumentException">Too many groups, or another number of inputs.</exception>
    public FeatureSlots(RowLayout layout, long[] rows)
    {
        if (layout.Maps.Count > byte.MaxValue / Bins || rows.Length != layout.Inputs)
            throw new ArgumentException($"{layout.Maps.Count} groups of {layout.Inputs} inputs have {rows.Length} row counts; expected at most {byte.MaxValue / Bins} groups and a count an input", nameof(rows));
        Rows = rows;
        Count = Bins * layout.Maps.Count;
        _slotOf = new byte[rows.Length];
        for (var group = 0; group < layout.Maps.Count; group++)
        {
            var map = layout.Maps[group];
            for (var input = map.FirstInput; input < map.FirstInput + map.Inputs; input++)
                _slotOf[input] = (byte)(Bins * group + BinOf(rows[input]));
        }
    }

    /// <summary>Number of slots.</summary>
    public int Count { get; }

    /// <summary>(D) training rows with each input.</summary>
    public long[] Rows { get; }

    /// <summary>The slot of an input.</summary>
    public int this[int input] => _slotOf[input];

    private static int BinOf(long rows)
    {
        var bin = 0;
        while (bin < Edges.Length && rows >= Edges[bin])
            bin++;
        return bin;
    }
}
