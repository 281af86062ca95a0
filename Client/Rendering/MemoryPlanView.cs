using ExplicitCluster.Abstractions.Jobs;
using Spectre.Console;

namespace ExplicitCluster.Client.Rendering;

/// <summary>What a job will keep in memory at most, item by item, against what there is.</summary>
public static class MemoryPlanView
{
    public static void Show(MemoryPlan plan, IAnsiConsole console)
    {
        var table = new Table { Border = TableBorder.Rounded, ShowFooters = true };
        var all = $"in all, of {Figures.Bytes(plan.AvailableBytes)} available";
        table.AddColumn(new TableColumn(new Text(plan.IsEstimate ? "memory plan, estimated" : "memory plan")) { Footer = new Text(all) });
        table.AddColumn(new TableColumn(new Text(plan.IsEstimate ? "about" : "at most")) { Footer = new Text(Figures.Bytes(plan.TotalBytes)) }.RightAligned());
        foreach (var item in plan.Items)
            table.AddRow(Words.Of(item.What), new Text(Figures.Bytes(item.Bytes)));
        console.Write(table);
        if (plan.StoreBytes > 0)
            console.WriteLine($"written to the store, about: {Figures.Bytes(plan.StoreBytes)}");
    }
}
