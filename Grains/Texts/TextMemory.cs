using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Grains.Hosting;
using ExplicitCluster.Numerics.Groups;

namespace ExplicitCluster.Grains.Texts;

/// <summary>What a silo holds for a classifier of texts at most, once its vocabulary is known; texts and their features come on top.</summary>
internal static class TextMemory
{
    /// <param name="specification">The job.</param>
    /// <param name="vocabulary">Features that are kept.</param>
    /// <param name="rows">Training rows.</param>
    /// <param name="classes">Distinct labels.</param>
    /// <param name="options">The silo's slots and memory.</param>
    public static MemoryPlan PlanOf(JobSpecification specification, StoredVocabulary vocabulary, long rows, int classes, ExplicitOptions options)
    {
        var inputs = vocabulary.Layout.Inputs;
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
            ],
            options.EffectiveMemoryBytes);
    }
}
