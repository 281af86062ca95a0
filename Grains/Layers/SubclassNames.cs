using System.Collections.Immutable;
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

    /// <param name="names">Names of sub-classes.</param>
    /// <param name="count">Sub-classes a label; 0 where the names are labels.</param>
    public static ImmutableArray<string> LabelsOf(ImmutableArray<string> names, int count) => count == 0 ? names : [.. names.Chunk(count).Select(one => one[0][..^2])];
}
