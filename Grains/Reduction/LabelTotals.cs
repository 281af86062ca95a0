using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Shards;

namespace ExplicitCluster.Grains.Reduction;

/// <summary>Totals of shards together, under one numbering of labels.</summary>
internal sealed record LabelTotals(ImmutableArray<long> Rows, ImmutableArray<long> Mass, long ZeroRows)
{
    public static LabelTotals Of(ImmutableArray<string> labels, IEnumerable<ShardTotals> shards)
    {
        var rows = new long[labels.Length];
        var mass = new long[labels.Length];
        var zeroRows = 0L;
        foreach (var shard in shards)
        {
            for (var c = 0; c < shard.Labels.Length; c++)
            {
                var label = labels.IndexOf(shard.Labels[c]);
                if (label < 0)
                    continue; // no row of it is left, and so nothing to add
                rows[label] += shard.ClassRows[c];
                mass[label] = checked(mass[label] + shard.ClassMass[c]);
            }
            zeroRows += shard.ZeroRows;
        }
        return new LabelTotals([.. rows], [.. mass], zeroRows);
    }
}
