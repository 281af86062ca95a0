using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Grains.Hosting;
using ExplicitCluster.Grains.Jobs;
using ExplicitCluster.Grains.Layers;
using ExplicitCluster.Grains.Refinement;
using ExplicitCluster.Numerics.Groups;
using ExplicitCluster.Numerics.Layers;
using ExplicitCluster.Numerics.Refinement;

namespace ExplicitCluster.Grains.Texts;

/// <summary>What a silo holds for a classifier of texts at most, once its vocabulary is known; texts and their features come on top.</summary>
internal static class TextMemory
{
    /// <param name="specification">The job.</param>
    /// <param name="vocabulary">Features that are kept.</param>
    /// <param name="plan">Training rows and labels.</param>
    /// <param name="options">The silo's slots and memory.</param>
    public static MemoryPlan PlanOf(JobSpecification specification, StoredVocabulary vocabulary, JobPlan plan, ExplicitOptions options)
    {
        var (inputs, rows, classes) = (vocabulary.Layout.Inputs, plan.Rows, plan.Labels.Length);
        var table = (long)inputs * classes * sizeof(double);
        var choice = specification.Solve.HasChoice && specification.Text!.Temperatures is null;
        var layers = specification.Text!.Temperatures is { } temperatures ? 1 + temperatures.Passes : 0;
        var slots = FeatureSlots.Bins * specification.Text.Groups.Length;
        return new MemoryPlan(
            [
                // Once for all, in a table of each piece that encodes rows, and while it is written.
                new MemoryItem("vocabulary", (3 + 2 * options.EffectiveSlots) * vocabulary.Bytes),
                new MemoryItem("statistics being counted", options.EffectiveSlots * table),
                new MemoryItem("places of inputs", options.EffectiveSlots * 2L * inputs * sizeof(int)),
                new MemoryItem("merged statistics", choice || layers > 0 ? table : 0),
                new MemoryItem("held-out tables", choice ? options.EffectiveSlots * table : 0),
                new MemoryItem("tables of layers", layers * 2 * table),
                new MemoryItem("scores of slots", layers > 0 ? SlotScores.BytesFor(rows, slots, classes) : 0),
                new MemoryItem("weights", layers > 0 ? 2 * table : table),
                .. Averaging(specification.Refine, specification.Text, specification.Seed, plan, inputs, classes),
            ],
            options.EffectiveMemoryBytes);
    }

    /// <summary>With what a silo holds for a layer over texts, once its vocabulary is known. Its tables and vocabulary stay for the layers above.</summary>
    public static MemoryPlan WithLayer(MemoryPlan memory, StoredVocabulary vocabulary, LayerSpecification layer, JobPlan plan, long seed, ExplicitOptions options)
    {
        var counted = plan.Labels.Length * Math.Max(1, layer.Targets?.Subclasses ?? 1);
        var columns = layer.Targets is { Code: > 0 and var bits } ? 2 * bits : counted;
        var (inputs, table) = (vocabulary.Layout.Inputs, (long)vocabulary.Layout.Inputs * counted * sizeof(long));
        var tables = table + SparseWindowScores.BytesFor(vocabulary.Layout, columns) * Math.Max(layer.Solve.Alpha.Length, 1 + (layer.Targets?.Passes ?? 0));
        return memory
            .Then([new MemoryItem("statistics of texts being counted", options.EffectiveSlots * table), .. Averaging(layer.Refine, layer.Text!, seed, plan, inputs, columns)])
            .And(new MemoryItem("vocabularies of the layers below", (3 + 2 * options.EffectiveSlots) * vocabulary.Bytes))
            .And(new MemoryItem(LayerMemory.Tables, tables));
    }

    /// <summary>What averaging holds, as if one silo had all of its workers; nothing where there is none.</summary>
    private static MemoryItem[] Averaging(RefineSpecification refine, TextSpecification text, long seed, JobPlan plan, int inputs, int classes)
    {
        if (refine.Method != RefineMethod.Averaging)
            return [];
        var settings = AveragingTables.SettingsOf(refine.Averaging, seed, refine.Workers);
        var numbers = (long)inputs * classes;
        return
        [
            new MemoryItem("rows of the workers", SgdSparseRows.BytesFor(plan.Rows, MostEntries(text, plan))),
            new MemoryItem("tables of the explicit start", numbers * (sizeof(double) + 3 * sizeof(float))),
            new MemoryItem("parameters of the workers", settings.Workers * (LocalSteps.BytesFor(inputs, classes, settings) + 5 * numbers * sizeof(float))),
        ];
    }

    /// <summary>Features of all texts at most: a run begins at every second byte, of characters at every byte.</summary>
    private static long MostEntries(TextSpecification text, JobPlan plan)
    {
        var bytes = plan.Sources.Sum(source => source.Texts?.Bytes ?? 0);
        return plan.Sources.Sum(source => source.Sparse?.Entries ?? 0) + text.Groups.Sum(group => group.Map switch
        {
            FeatureGroupKind.Words => bytes / 2 * (group.Most - group.Least + 1),
            FeatureGroupKind.Chars => bytes * (group.Most - group.Least + 1),
            _ => 9 * plan.Rows,
        });
    }
}
