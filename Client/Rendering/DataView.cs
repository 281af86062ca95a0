using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Data.Sources;
using ExplicitCluster.Numerics.Encodings;
using Spectre.Console;

namespace ExplicitCluster.Client.Rendering;

/// <summary>What a job would read.</summary>
internal static class DataView
{
    private const int MostLabels = 40;

    public static void Show(DataOverview overview, RowLayout layout, int shards, MemoryPlan plan, IAnsiConsole console)
    {
        var sources = new Table().RoundedBorder().AddColumns("part", "source", "rows", "holds", "identity");
        foreach (var (part, source) in overview.Sources)
            sources.AddRow(part, Markup.Escape(string.Join("\n", source.Files.Select(file => file.Path))), $"{source.Rows:N0}", Markup.Escape(source.Shape.ToString()), source.Id[..12]);
        console.Write(sources);
        var labels = new Table().RoundedBorder().AddColumns("label", "train rows", "test rows");
        foreach (var (label, (train, test)) in overview.Labels.Take(MostLabels))
            labels.AddRow(Markup.Escape(label), $"{train:N0}", $"{test:N0}");
        console.Write(labels);
        if (overview.Labels.Count > MostLabels)
            console.WriteLine($"and {overview.Labels.Count - MostLabels:N0} more labels");
        console.WriteLine($"{shards:N0} shards; a row has {layout.Inputs:N0} inputs{(layout.Blocks == 0 ? "" : $" in {layout.Blocks:N0} blocks")}");
        MemoryPlanView.Show(plan, console);
    }

    public static string JsonOf(DataOverview overview, RowLayout layout, int shards, MemoryPlan plan) => JsonText.Of(new
    {
        Sources = overview.Sources.Select(source => new
        {
            source.Part,
            Files = source.Source.Files.Select(file => file.Path),
            source.Source.Rows,
            source.Source.Columns,
            source.Source.Width,
            source.Source.Height,
            source.Source.Id,
        }),
        Labels = overview.Labels.Select(label => new { Label = label.Key, TrainRows = label.Value.Train, TestRows = label.Value.Test }),
        Shards = shards,
        layout.Inputs,
        layout.Blocks,
        Memory = new { plan.TotalBytes, plan.AvailableBytes, plan.Items },
    });
}
