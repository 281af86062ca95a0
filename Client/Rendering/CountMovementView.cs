using System.Collections.Immutable;
using ExplicitCluster.Grains.Models;
using Spectre.Console;

namespace ExplicitCluster.Client.Rendering;

/// <summary>Which counts moved between two models, and by which shards.</summary>
internal static class CountMovementView
{
    private const int MostNamed = 6;
    private const int ShardsInText = 3;

    public static void Show(CountMovement movement, TrainedModel left, TrainedModel right, IAnsiConsole console)
    {
        console.WriteLine($"shards: {movement.Both:N0} in both, {movement.Added.Length:N0} added, {movement.Removed.Length:N0} removed");
        ShowShards("added", movement.Added, right.Description.Lineage, console);
        ShowShards("removed", movement.Removed, left.Description.Lineage, console);
        if (movement.NotCompared is { } reason)
            console.MarkupLineInterpolated($"[dim]the counts are not compared: {reason}[/]");
        if (movement.Moved.IsEmpty)
            return;
        var isBlocks = right.RowOfInput.Length > 0;
        var table = new Table().RoundedBorder().AddColumns("counts that moved most", "class", "before", "after", "by growth alone", "by shards");
        foreach (var column in table.Columns.Skip(2).Take(3))
            column.RightAligned().NoWrap();
        foreach (var moved in movement.Moved)
        {
            table.AddRow(
                Markup.Escape(InputView.NameOf(right, moved.Input)),
                Markup.Escape(moved.Label),
                Count(moved.From, isBlocks),
                Count(moved.To, isBlocks),
                Count(moved.Grown, false),
                Markup.Escape(string.Join(", ", moved.Shards.Take(ShardsInText).Select(shard =>
                    $"{(shard.IsAdded ? '+' : '-')}{Count(shard.Count, isBlocks)} {NameOf(shard.IsAdded ? right.Description.Lineage : left.Description.Lineage, shard.Shard)}"))));
        }
        console.Write(table);
        console.MarkupLine("[dim]by growth alone: the count if the class as a whole had grown or shrunk and nothing else; the furthest from it come first[/]");
        if (movement.MissingShards > 0)
            console.MarkupLineInterpolated($"[dim]the statistics of {movement.MissingShards:N0} of these shards are no longer in the store; they are left out of the last column[/]");
    }

    public static object? JsonOf(CountMovement? movement, TrainedModel left, TrainedModel right) => movement is null ? null : new
    {
        movement.Both,
        Added = ShardsOf(movement.Added, right.Description.Lineage),
        Removed = ShardsOf(movement.Removed, left.Description.Lineage),
        movement.NotCompared,
        movement.MissingShards,
        Moved = movement.Moved.Select(moved => new
        {
            moved.Input,
            Name = InputNames.Of(right, moved.Input),
            moved.Label,
            moved.From,
            moved.To,
            moved.Grown,
            moved.Shards,
        }),
    };

    private static IEnumerable<object> ShardsOf(ImmutableArray<int> shards, ModelLineage lineage) => shards.Select(shard => new
    {
        Shard = shard,
        Files = lineage.Sources[lineage.Shards[shard].Source].Files,
        lineage.Shards[shard].FirstRow,
        lineage.Shards[shard].LastRow,
        lineage.Sources[lineage.Shards[shard].Source].Tags,
        lineage.Shards[shard].Hash,
    });

    private static void ShowShards(string what, ImmutableArray<int> shards, ModelLineage lineage, IAnsiConsole console)
    {
        foreach (var shard in shards.Take(MostNamed))
            console.MarkupLineInterpolated($"[dim]  {what}: {NameOf(lineage, shard)}[/]");
        if (shards.Length > MostNamed)
            console.MarkupLineInterpolated($"[dim]  and {shards.Length - MostNamed:N0} more {what}; --json lists all[/]");
    }

    private static string NameOf(ModelLineage lineage, int shard) => ExplanationView.ShardOf(lineage, lineage.Shards[shard]);

    private static string Count(double count, bool isWhole) => isWhole ? Figures.Count((long)count) : $"{count:#,0.00}";
}
