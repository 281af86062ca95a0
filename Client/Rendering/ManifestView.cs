using ExplicitCluster.Client.Specifications;

namespace ExplicitCluster.Client.Rendering;

/// <summary>A change of a specification's sources as a line and as JSON.</summary>
internal static class ManifestView
{
    public static void Show(ManifestChange change, bool json, TextWriter output)
    {
        if (json)
        {
            output.WriteLine(JsonText.Of(new { change.Change, Source = new { change.Number, change.Files }, change.Ranges, change.Rows, change.Sources }));
            return;
        }
        var name = Quoted.Escape(string.Join(" + ", change.Files.Take(1)));
        var what = change.Ranges.IsEmpty ? $"source {change.Number}" : $"rows {string.Join(", ", change.Ranges.Select(RowRanges.Of))} {(change.Change == "added" ? "to" : "from")} source {change.Number}";
        var rows = change.Rows is { } count ? $", {Figures.Count(count)} rows" : "";
        output.WriteLine($"{change.Change} {what}: {name}{rows}; {Figures.Count(change.Sources)} training {(change.Sources == 1 ? "source" : "sources")}");
    }
}
