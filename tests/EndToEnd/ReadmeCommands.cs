namespace ExplicitCluster.EndToEnd.Tests;

/// <summary>The commands of ours in the fenced <c>sh</c> blocks of a Markdown text.</summary>
internal static class ReadmeCommands
{
    private const string Fence = "```";

    private static readonly string[] Starts = ["./quickstart.sh", "./test.sh", "explicit "];

    public static IReadOnlyList<string> Of(string markdown)
    {
        var commands = new List<string>();
        var block = default(string);
        foreach (var line in markdown.Replace("\\\n", "", StringComparison.Ordinal).Split('\n').Select(line => line.Trim()))
        {
            if (line.StartsWith(Fence, StringComparison.Ordinal))
                block = block is null ? line[Fence.Length..] : null;
            else if (block == "sh" && Starts.Any(start => line.StartsWith(start, StringComparison.Ordinal)))
                commands.Add(line);
        }
        return commands;
    }
}
