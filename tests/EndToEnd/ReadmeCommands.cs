namespace ExplicitCluster.EndToEnd.Tests;

/// <summary>The commands of ours in the fenced <c>sh</c> blocks of a Markdown text.</summary>
internal static class ReadmeCommands
{
    private const string Fence = "```";

    /// <summary>From the source of the client, which is built already.</summary>
    private const string FromSource = "dotnet run -c Release --project Client -- ";

    private static readonly string[] Starts = ["./quickstart.sh", "./test.sh", "explicit "];

    public static IReadOnlyList<string> Of(string markdown)
    {
        var commands = new List<string>();
        var block = default(string);
        var lines = markdown.Replace("\\\n", "", StringComparison.Ordinal).Replace(FromSource, "explicit ", StringComparison.Ordinal).Split('\n');
        foreach (var line in lines.Select(line => line.Trim()))
        {
            if (line.StartsWith(Fence, StringComparison.Ordinal))
                block = block is null ? line[Fence.Length..] : null;
            else if (block == "sh" && Starts.Any(start => line.StartsWith(start, StringComparison.Ordinal)))
                commands.Add(line);
        }
        return commands;
    }
}
