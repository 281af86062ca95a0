using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Grains.Hosting;
using ExplicitCluster.Grains.Jobs;
using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Mixed;

namespace ExplicitCluster.Grains.Mixed;

/// <summary>The memory plan of mixed rows: their groups are counted one after the other, and held together once K is fitted.</summary>
internal static class MixedMemory
{
    /// <summary>As <see cref="MemoryPlanner.PlanOf"/>.</summary>
    public static MemoryPlan PlanOf(JobSpecification specification, RowEncoder encoder, long rows, int classes, ExplicitOptions options)
    {
        var groups = encoder.Groups.Zip(specification.Features).Select(group => MemoryPlanner.PlanOf(specification with { Features = [group.Second] }, group.First, rows, 0, classes, options)).ToList();
        var items = groups[0].Items.Select((item, i) => item with { Bytes = IsOfOne(item) ? groups.Max(group => group.Items[i].Bytes) : groups.Sum(group => group.Items[i].Bytes) });
        return new MemoryPlan(
            [.. items, new MemoryItem("left-out scores of all rows", MixedScores.BytesFor(rows, groups.Count, classes, specification.Solve.Alpha.Length))],
            options.EffectiveMemoryBytes);
    }

    private static bool IsOfOne(MemoryItem item) => item.What.StartsWith("statistics being", StringComparison.Ordinal);
}
