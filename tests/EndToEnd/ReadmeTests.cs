using System.Text.Json;
using ExplicitCluster.Testing;

namespace ExplicitCluster.EndToEnd.Tests;

/// <summary>What README tells people to type works as it stands there, in its order, in one working folder.</summary>
public sealed class ReadmeTests : IDisposable
{
    private const string FirstCommand = "./quickstart.sh";
    private const string SecondCommand = "./test.sh";
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(4);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_command_of_the_readme_runs()
    {
        var commands = ReadmeCommands.Of(File.ReadAllText(Repository.PathOf("README.md")));
        Assert.Contains(commands, command => command.StartsWith(FirstCommand, StringComparison.Ordinal));
        Assert.Contains(commands, command => command.StartsWith(SecondCommand, StringComparison.Ordinal));
        Assert.Contains(commands, command => command.StartsWith("explicit train ", StringComparison.Ordinal));
        foreach (var example in Directory.GetFiles(Repository.PathOf("examples"))) // a copy: some commands edit it
            _folder.Write($"examples/{Path.GetFileName(example)}", File.ReadAllBytes(example));
        Directory.CreateSymbolicLink(_folder["quickstart.sh"], Repository.PathOf("quickstart.sh"));
        var launch = LaunchIn(_folder.Path);
        foreach (var command in commands.Where(command => !command.StartsWith(SecondCommand, StringComparison.Ordinal))) // this test is part of it
        {
            using var shell = RunningProcess.Start("bash", ["-euo", "pipefail", "-c", command], launch);
            (await shell.EndAsync()).Successful();
        }
        Assert.NotEmpty(Directory.GetFiles(_folder["pictures"], "*.png"));
        Assert.NotEmpty(Directory.GetFiles(_folder["reports"], "*.html"));
        AssertReached("fashion-sweeps", .9156, .9196, .2276, .2376);
        AssertReached("fashion-averaging", .840, 1, 0, .455);
    }

    /// <summary>Every job of a model that these commands ran has test figures within these bounds.</summary>
    private void AssertReached(string model, double leastAccuracy, double mostAccuracy, double leastCrossEntropy, double mostCrossEntropy)
    {
        var tests = new List<JsonElement>();
        foreach (var file in Directory.GetFiles(_folder[".explicit/jobs"], "job.json", SearchOption.AllDirectories))
        {
            using var record = JsonDocument.Parse(File.ReadAllText(file));
            if (record.RootElement.GetProperty("specification").GetProperty("name").GetString() == model)
                tests.Add(record.RootElement.GetProperty("result").GetProperty("test").Clone());
        }
        Assert.NotEmpty(tests);
        Assert.All(tests, test => Assert.InRange(test.GetProperty("accuracy").GetDouble(), leastAccuracy, mostAccuracy));
        Assert.All(tests, test => Assert.InRange(test.GetProperty("crossEntropy").GetDouble(), leastCrossEntropy, mostCrossEntropy));
    }

    [Fact]
    public void Commands_are_the_lines_of_sh_blocks_that_start_with_a_command_of_ours()
    {
        const string Text = """
            Run `explicit nothing`:
            ```sh
            git clone somewhere
            ./quickstart.sh   # trains
            explicit train \
              examples/a.yaml
            # explicit comment
            dotnet run -c Release --project Client -- jobs list
            ```
            ```text
            explicit output
            ```
            """;
        Assert.Equal(["./quickstart.sh   # trains", "explicit train   examples/a.yaml", "explicit jobs list"], ReadmeCommands.Of(Text));
    }

    /// <summary>The built client is on the path; builds inside leave no server behind that would keep the output open.</summary>
    private static Launch LaunchIn(string folder) => new Launch { Folder = folder, Deadline = Deadline }
        .With("PATH", $"{ExplicitClient.Folder}{Path.PathSeparator}{Environment.GetEnvironmentVariable("PATH")}")
        .With("MSBUILDDISABLENODEREUSE", "1")
        .With("DOTNET_CLI_USE_MSBUILD_SERVER", "0")
        .With("UseSharedCompilation", "false");
}
