using ExplicitCluster.Testing;

namespace ExplicitCluster.EndToEnd.Tests.BadInputs;

/// <summary>Something that a person may get wrong, and the lines and the exit code that must come of it.</summary>
/// <param name="Name">What is wrong.</param>
/// <param name="Command">Arguments of <c>explicit</c>, separated by spaces; run in a folder of its own.</param>
/// <param name="ExitCode">1 failed, 2 wrong usage.</param>
/// <param name="Expected">Fragments of standard error, each within one line.</param>
internal sealed record BadInput(string Name, string Command, int ExitCode, params string[] Expected)
{
    private const int MostLines = 8;

    /// <summary>Makes the working folder's files.</summary>
    public Action<TemporaryFolder> Prepare { get; init; } = _ => { };

    /// <summary>Looks at the working folder afterwards.</summary>
    public Action<TemporaryFolder> After { get; init; } = _ => { };

    /// <summary>Whether it is a process of its own that must end so; of all others it is the command.</summary>
    public bool IsProcess { get; init; }

    public (string Name, string Value)? Variable { get; init; }

    /// <summary>Runs the command: it must end with its exit code, say what is wrong in a few lines on standard error, and print nothing else.</summary>
    public async Task AssertRefusedAsync()
    {
        using var folder = new TemporaryFolder();
        Prepare(folder);
        var launch = new Launch { Folder = folder.Path, Deadline = TimeSpan.FromMinutes(1) };
        if (Variable is { } variable)
            launch = launch.With(variable.Name, variable.Value);
        var arguments = Command.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var outcome = await (IsProcess ? ExplicitClient.RunAsync(launch, arguments) : InProcess.RunAsync(launch, arguments));
        Assert.True(outcome.ExitCode == ExitCode, $"expected exit code {ExitCode}: {outcome}");
        var lines = outcome.Error.TrimEnd('\n').Split('\n');
        foreach (var fragment in Expected)
            Assert.True(lines.Any(line => line.Contains(fragment, StringComparison.Ordinal)), $"no line has '{fragment}': {outcome}");
        Assert.True(outcome.Output.Length == 0, $"nothing belongs on standard output: {outcome}");
        Assert.True(lines.Count(line => !IsOfMemoryPlan(line)) <= MostLines, $"more than {MostLines} lines: {outcome}");
        Assert.DoesNotContain(lines, line => line.StartsWith("   at ", StringComparison.Ordinal));
        Assert.DoesNotContain(outcome.Error, character => char.IsControl(character) && character is not ('\n' or '\t'));
        var left = Directory.GetFiles(folder.Path, ".tmp-*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None });
        Assert.Empty(left);
        After(folder);
    }

    /// <summary>A job prints its memory plan, a table, before it reads data.</summary>
    private static bool IsOfMemoryPlan(string line) => line.Length > 0 && "╭│├╰".Contains(line[0], StringComparison.Ordinal);
}
