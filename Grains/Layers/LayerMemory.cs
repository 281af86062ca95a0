using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Grains.Hosting;
using ExplicitCluster.Grains.Jobs;
using ExplicitCluster.Grains.Mixed;
using ExplicitCluster.Grains.Shards;
using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Layers;

namespace ExplicitCluster.Grains.Layers;

/// <summary>The memory plan of a job whatever its layers: they are solved one after the other, so each item is that of the layer that needs most of it.</summary>
public static class LayerMemory
{
    /// <summary>What all layers below hold at once.</summary>
    public const string Tables = "tables of the layers below";

    /// <summary>As <see cref="MemoryPlanner.PlanOf"/>, by the shape of a raw row.</summary>
    public static MemoryPlan PlanOf(JobSpecification specification, RowShape shape, long rows, long testRows, int classes, ExplicitOptions options)
    {
        var (layers, features) = LayerMaps.Outline(specification, classes);
        var rowEncoder = FeatureMaps.EncoderOf(features, shape, specification.Solve.ByGroup);
        var top = specification.Solve.ByGroup
            ? MixedMemory.PlanOf(specification, rowEncoder, rows, classes, options)
            : MemoryPlanner.PlanOf(specification, rowEncoder, rows, testRows, classes, options);
        if (layers.Count == 0)
            return top;
        var plan = new MemoryPlan(top.Items, options.EffectiveMemoryBytes);
        var tables = 0L;
        foreach (var layer in layers.Where(layer => layer.Settings.Text is null)) // those over texts are planned once their features are counted
        {
            var encoder = FeatureMaps.EncoderOf(layer.Settings.Features, shape);
            var job = specification with { Features = layer.Settings.Features, Solve = specification.Layers[layer.Number - 1].Solve, Refine = layer.Settings.Refine, Compact = 1 };
            var (counted, columns) = (layer.Merged.Labels.Length, LayerMaps.TargetsOf(layer).Columns);
            plan = plan.Then(MemoryPlanner.PlanOf(job, encoder, rows, testRows, counted, options).Items);
            var seen = Math.Min(encoder.Layout.Inputs, rows * Math.Max(1, encoder.Layout.Blocks));
            var table = encoder.Layout.Kind == EncodingKind.Blocks ? WindowScores.BytesFor(encoder.Layout, seen, columns) : DenseWindowScores.BytesFor(encoder.Layout, columns);
            tables += table * (1 + (layer.Settings.Targets?.Passes ?? 0)) + seen * counted * sizeof(long);
        }
        return plan.And(new MemoryItem(Tables, tables));
    }
}
