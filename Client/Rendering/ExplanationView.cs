using System.Collections.Immutable;
using ExplicitCluster.Grains.Models;
using ExplicitCluster.Grains.Models.Explanations;
using Spectre.Console;

namespace ExplicitCluster.Client.Rendering;

/// <summary>Why a row has its class, as a table and as JSON.</summary>
internal static class ExplanationView
{
    private const int ShardsInText = 3;
    private const int MostShardLines = 12;

    public static void Show(Explanation explanation, int top, string? picture, IAnsiConsole console)
    {
        var (model, labels) = (explanation.Row.Model, explanation.Row.Model.Description.Labels);
        var (label, against) = (labels[explanation.Class], labels[explanation.Against]);
        var (probability, other) = explanation.Probabilities();
        console.WriteLine($"predicted {label} ({probability:0.0000}), against {against} ({other:0.0000}){(explanation.Row.Label is { } truth ? $"; labelled {truth}" : "")}");
        var isBlocks = model.Encoder.Layout.Maps.All(map => map.Blocks > 0);
        var table = new Table().RoundedBorder().AddColumns("input", "adds (nats)", isBlocks ? $"rows of {Markup.Escape(label)}" : $"sum in {Markup.Escape(label)}", "expected", $"of {Markup.Escape(against)}", "expected", "most in shards");
        foreach (var column in table.Columns.Skip(1).Take(5))
            column.RightAligned().NoWrap();
        foreach (var input in explanation.Inputs.Take(top))
        {
            var isRows = model.CountsRows(input.Input);
            table.AddRow(
                Markup.Escape(InputView.NameOf(model, input.Input)),
                Nats(input.Contribution),
                Count(input.Evidence?.Count, isRows),
                Count(input.Evidence?.Expected, false),
                Count(input.Evidence?.AgainstCount, isRows),
                Count(input.Evidence?.AgainstExpected, false),
                string.Join(", ", ShownOf(input).Select(shard => $"{shard.Shard}: {Count(CountOf(input, shard), isRows)}")));
        }
        var others = explanation.Inputs.Skip(top).ToList();
        if (others.Count > 0)
            table.AddRow($"others: {others.Count:N0} inputs", Nats(others.Sum(input => input.Contribution)), "", "", "", "", "");
        table.AddRow("prior", Nats(explanation.Prior), "", "", "", "", "");
        table.AddRow("difference of the scores", Nats(explanation.Difference), "", "", "", "", "");
        console.Write(table);
        ShowShards(explanation, top, console);
        foreach (var note in NotesOf(explanation))
            console.MarkupLineInterpolated($"[dim]{note}[/]");
        if (picture is not null)
            console.WriteLine(picture);
    }

    public static string JsonOf(Explanation explanation, string? picture)
    {
        var (model, lineage) = (explanation.Row.Model, explanation.Row.Model.Description.Lineage);
        var (probability, other) = explanation.Probabilities();
        return JsonText.Of(new
        {
            Model = $"{model.Description.Name}/{model.Description.Version}",
            Predicted = model.Description.Labels[explanation.Class],
            Probability = probability,
            Against = model.Description.Labels[explanation.Against],
            AgainstProbability = other,
            explanation.Row.Label,
            explanation.Prior,
            explanation.Difference,
            Refined = lineage.Refinement?.Method,
            explanation.WithoutCounts,
            explanation.MissingShards,
            Notes = NotesOf(explanation),
            Inputs = explanation.Inputs.Select(input => new
            {
                input.Input,
                Name = InputNames.Of(model, input.Input),
                input.Value,
                input.Contribution,
                input.Evidence?.Count,
                input.Evidence?.Expected,
                input.Evidence?.AgainstCount,
                input.Evidence?.AgainstExpected,
                input.Shards,
            }),
            Shards = explanation.Inputs.SelectMany(input => input.Shards).Select(shard => shard.Shard).Distinct().Order().Select(shard => new
            {
                Shard = shard,
                Files = lineage.Sources[lineage.Shards[shard].Source].Files,
                lineage.Shards[shard].FirstRow,
                lineage.Shards[shard].LastRow,
                lineage.Sources[lineage.Shards[shard].Source].Tags,
                lineage.Shards[shard].Hash,
            }),
            Picture = picture,
        });
    }

    private static void ShowShards(Explanation explanation, int top, IAnsiConsole console)
    {
        var lineage = explanation.Row.Model.Description.Lineage;
        int[] named = [.. explanation.Inputs.Take(top).SelectMany(ShownOf).Select(shard => shard.Shard).Distinct().Order()];
        foreach (var shard in named.Take(MostShardLines))
            console.MarkupLineInterpolated($"[dim]shard {shard}: {ShardOf(lineage, lineage.Shards[shard])}[/]");
        if (named.Length > MostShardLines)
            console.MarkupLineInterpolated($"[dim]and {named.Length - MostShardLines:N0} more shards; --json names them[/]");
    }

    /// <summary>The shards of a line of the table: those that have the input in the class that it speaks for.</summary>
    private static IEnumerable<ShardEvidence> ShownOf(ExplainedInput input) => input.Shards.Where(shard => CountOf(input, shard) > 0).Take(ShardsInText);

    private static double CountOf(ExplainedInput input, ShardEvidence shard) => input.Contribution >= 0 ? shard.Count : shard.AgainstCount;

    /// <summary>A shard as people know it: its tags, or else its file, and its rows.</summary>
    public static string ShardOf(ModelLineage lineage, LineageShard shard)
    {
        var source = lineage.Sources[shard.Source];
        var name = source.Tags.IsEmpty ? source.Files.IsEmpty ? source.Id[..12] : Path.GetFileName(source.Files[0]) : string.Join(' ', source.Tags);
        return $"{name} rows {shard.FirstRow:N0} to {shard.LastRow:N0}";
    }

    private static ImmutableArray<string> NotesOf(Explanation explanation)
    {
        var description = explanation.Row.Model.Description;
        var notes = ImmutableArray.CreateBuilder<string>();
        if (explanation.WithoutCounts is { } missing)
            notes.Add($"no counts: {missing}");
        else
            notes.Add("expected: the count if input and class were independent; contributions and prior add up to the difference of the scores");
        if (explanation.MissingShards > 0)
            notes.Add($"the statistics of {explanation.MissingShards:N0} of {description.Lineage.Shards.Length:N0} shards are no longer in the store; they are left out of the last column");
        if (description.Lineage.Refinement is { } refinement)
            notes.Add($"the weights were refined by {refinement.Method.ToString().ToLowerInvariant()}: contributions are theirs, counts those of the statistics");
        if (!description.Lineage.Statistics.ClassWeights.IsDefaultOrEmpty)
            notes.Add("classes have weights: contributions are of weighted counts, the counts shown are not weighted");
        if (!description.Layers.IsEmpty)
            notes.Add("inputs are activations of layers below; counts are of rows that each was left out for");
        if (description.Temperatures is not null)
            notes.Add("the weights are of layers with temperatures: contributions are theirs, counts those of the first layer's statistics");
        if (description.Specification.Compact > 1)
            notes.Add($"codes of fewer than {description.Specification.Compact} rows share one weight a block; counts are those of the code alone");
        return notes.ToImmutable();
    }

    private static string Nats(double value) => $"{value:+0.0000;-0.0000;0.0000}";

    private static string Count(double? count, bool isWhole) => count is not { } value ? "" : isWhole ? Figures.Count((long)value) : $"{value:#,0.00}";
}
