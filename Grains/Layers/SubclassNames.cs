using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Reduction;
using ExplicitCluster.Abstractions.Shards;
using ExplicitCluster.Abstractions.Specifications;

namespace ExplicitCluster.Grains.Layers;

/// <summary>Names of sub-classes, and totals by the labels that they are of. Those of a label follow each other, numbered from 1: <c>Coat 1</c>, <c>Coat 2</c>.</summary>
internal static class SubclassNames
{
    /// <summary>Of every label; names differ where labels do, since a number has no space.</summary>
    public static ImmutableArray<string> Of(IEnumerable<string> labels, int count) => [.. labels.SelectMany(label => Enumerable.Range(1, count).Select(s => $"{label} {s}"))];

    /// <summary>The labels that a layer's rows have, whatever they are counted as.</summary>
    public static ImmutableArray<string> LabelsOf(SolvedLayer layer) => LabelsOf(layer.Merged.Labels, layer.Settings.Targets?.Subclasses ?? 0);

    /// <summary>Totals by label.</summary>
    public static ShardTotals ByLabel(ShardTotals shard, int count) => shard with
    {
        Labels = LabelsOf(shard.Labels, count),
        ClassRows = [.. shard.ClassRows.Chunk(count).Select(rows => rows.Sum())],
        ClassMass = [.. shard.ClassMass.Chunk(count).Select(mass => mass.Sum())],
    };

    /// <param name="names">Names of sub-classes, at least one a label.</param>
    /// <param name="count">Sub-classes a label; 0 where the names are labels.</param>
    public static ImmutableArray<string> LabelsOf(ImmutableArray<string> names, int count) =>
        count == 0 ? names : [.. names.Select(name => name[..name.LastIndexOf(' ')]).Distinct(StringComparer.Ordinal)];

    /// <summary>Statistics of those that have rows, or of the first where none of a label has: the others have no prior, and nothing to be refined by.</summary>
    public static MergedStatistics WithRows(MergedStatistics merged, int count)
    {
        int[] columns = [.. Enumerable.Range(0, merged.Labels.Length).Where(c => merged.ClassRows[c] > 0 || (c % count == 0 && merged.ClassRows.AsSpan(c, count).IndexOfAnyExcept(0) < 0))];
        return columns.Length == merged.Labels.Length ? merged : merged with
        {
            Labels = [.. columns.Select(c => merged.Labels[c])],
            ClassRows = [.. columns.Select(c => merged.ClassRows[c])],
            ClassMass = [.. columns.Select(c => merged.ClassMass[c])],
            Columns = [.. columns],
        };
    }
}
