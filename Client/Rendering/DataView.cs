using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Shards;
using ExplicitCluster.Client.Specifications;
using ExplicitCluster.Data.Sources;
using ExplicitCluster.Numerics.Encodings;
using Spectre.Console;

namespace ExplicitCluster.Client.Rendering;

/// <summary>What a job would read.</summary>
internal static class DataView
{
    private const int MostLabels = 40;
    private const int MostRanges = 6;

    /// <param name="overview">Sources and labels.</param>
    /// <param name="layout">What a row becomes; null for texts, where only the job finds it out.</param>
    /// <param name="shards">Shards of every source.</param>
    /// <param name="plan">What the job holds; null for classifiers of texts.</param>
    /// <param name="tokens">Of a language model: training tokens, about.</param>
    /// <param name="console">Where to.</param>
    public static void Show(DataOverview overview, RowLayout? layout, IReadOnlyList<int> shards, MemoryPlan? plan, long? tokens, IAnsiConsole console)
    {
        var sources = new Table().RoundedBorder().AddColumns("part", "source", "rows", "removed", "shards", "holds", "identity");
        foreach (var (part, number, source, count) in NumberedOf(overview, shards))
        {
            sources.AddRow(
                $"{part} {number}",
                Markup.Escape(string.Join("\n", [.. source.Files.Select(file => file.Path), .. source.Specification.Tags.IsEmpty ? [] : new[] { string.Join(' ', source.Specification.Tags) }])),
                $"{source.Rows:N0}",
                RemovedOf(source),
                $"{count:N0}",
                Markup.Escape(source.Texts is { } texts ? HoldsOf(texts) : source.Sparse is { } sparse ? HoldsOf(sparse) : source.Shape.ToString()),
                source.Id[..12]);
        }
        console.Write(sources);
        var labels = new Table().RoundedBorder().AddColumns("label", "train rows", "test rows");
        foreach (var (label, (train, test)) in overview.Labels.Take(MostLabels))
            labels.AddRow(Markup.Escape(label), $"{train:N0}", $"{test:N0}");
        if (overview.Labels.Count > 0)
            console.Write(labels);
        if (overview.Labels.Count > MostLabels)
            console.WriteLine($"and {overview.Labels.Count - MostLabels:N0} more labels");
        var found = tokens is { } about
            ? $"about {about:N0} training tokens; the job counts them"
            : layout is null
                ? "features, and the memory that they take, are found by the job in a pass over the rows"
                : $"a row has {layout.Inputs:N0} inputs{(layout.Blocks == 0 ? "" : $" in {layout.Blocks:N0} blocks")}";
        console.WriteLine($"{TrainShardsOf(overview, shards):N0} shards; {found}");
        if (plan is not null)
            MemoryPlanView.Show(plan, console);
    }

    public static string JsonOf(DataOverview overview, RowLayout? layout, IReadOnlyList<int> shards, MemoryPlan? plan, long? tokens) => JsonText.Of(new
    {
        Sources = NumberedOf(overview, shards).Select(source => new
        {
            source.Part,
            source.Number,
            Files = source.Source.Files.Select(file => file.Path),
            source.Source.Rows,
            source.Source.Specification.Removed,
            source.Source.Specification.Tags,
            RemovedRows = source.Source.Rows - KeptRows.CountOf(source.Source),
            source.Shards,
            source.Source.Columns,
            source.Source.Width,
            source.Source.Height,
            source.Source.Texts,
            source.Source.Sparse,
            source.Source.Specification.Split,
            source.Source.Id,
        }),
        Labels = overview.Labels.Select(label => new { Label = label.Key, TrainRows = label.Value.Train, TestRows = label.Value.Test }),
        Shards = TrainShardsOf(overview, shards),
        layout?.Inputs,
        layout?.Blocks,
        Tokens = tokens,
        Memory = plan is null ? null : new { plan.TotalBytes, plan.AvailableBytes, plan.Items },
    });

    private static int TrainShardsOf(DataOverview overview, IReadOnlyList<int> shards) => shards.Take(overview.Train.Count).Sum();

    /// <summary>Sources with the numbers by which the commands call them: from 0 in each part.</summary>
    private static IEnumerable<(string Part, int Number, SourceManifest Source, int Shards)> NumberedOf(DataOverview overview, IReadOnlyList<int> shards) =>
        overview.Sources.Select((source, i) => (source.Part, source.Part == "train" ? i : i - overview.Train.Count, source.Source, shards[i]));

    private static string HoldsOf(SourceTexts texts) => $"texts, {Figures.Bytes(texts.Bytes)}, at most {Figures.Bytes(texts.Longest)}"
        + (texts.Empty > 0 ? $"\n{texts.Empty:N0} empty" : "")
        + (texts.Replaced > 0 ? $"\n{texts.Replaced:N0} with bytes that are no UTF-8" : "");

    private static string HoldsOf(SourceSparse sparse) => $"sparse rows, {sparse.Inputs:N0} inputs, {sparse.Entries:N0} values"
        + (sparse.Empty > 0 ? $"\n{sparse.Empty:N0} without a value" : "")
        + (sparse.Merged > 0 ? $"\n{sparse.Merged:N0} with an index twice, added up" : "");

    private static string RemovedOf(SourceManifest source)
    {
        var removed = source.Specification.Removed;
        var more = removed.Length > MostRanges ? $"\nand {removed.Length - MostRanges:N0} ranges more" : "";
        if (source.Specification.Split is { } split)
            return $"{source.Rows - KeptRows.CountOf(source):N0}\n{(split.IsHeldOut ? "all but " : "")}every {split.Every}th, from {split.Remainder}";
        return removed.IsEmpty ? "" : $"{source.Rows - KeptRows.CountOf(source):N0}\n{string.Join('\n', removed.Take(MostRanges).Select(RowRanges.Of))}{more}";
    }
}
