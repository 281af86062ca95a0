using System.Diagnostics;
using ExplicitCluster.Testing;

namespace ExplicitCluster.EndToEnd.Tests.Jobs;

public sealed class CancellationTests : IDisposable
{
    private static readonly TimeSpan MostToStop = TimeSpan.FromSeconds(15);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task An_interrupted_train_ends_cancelled_and_leaves_only_complete_artifacts(string signal)
    {
        // env gives the signal its default action, which whoever runs the tests may have ignored.
        string[] command =
        [
            $"--default-signal={signal}", ExplicitClient.Executable,
            "train", ExplicitClient.Example("fashion-patches"), "--set", "data.shardRows=16",
        ];
        using var train = RunningProcess.Start("env", command, new Launch { Folder = _folder.Path });
        await train.WaitForErrorLineAsync("plan, "); // the plan has ended; 3,750 shards are being counted
        var sent = Stopwatch.GetTimestamp();
        await SendAsync(signal, train.Id);
        var outcome = await train.EndAsync();
        Assert.True(outcome.ExitCode == Outcome.Cancelled, outcome.ToString());
        Assert.True(Stopwatch.GetElapsedTime(sent) < MostToStop, $"it took {Stopwatch.GetElapsedTime(sent)} to stop");
        Assert.Empty(outcome.Output);
        Assert.DoesNotContain("   at ", outcome.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder.Path, ".tmp-*", SearchOption.AllDirectories));

        var job = Assert.Single((await ExplicitClient.RunAsync(_folder.Path, "jobs", "list", "--json")).Successful().Json().EnumerateArray());
        Assert.Equal("cancelled", job.GetProperty("status").GetString());
        Assert.Empty((await ExplicitClient.RunAsync(_folder.Path, "models", "list", "--json")).Successful().Json().EnumerateArray());
    }

    private static async Task SendAsync(string signal, int process)
    {
        using var kill = RunningProcess.Start("kill", [$"-{signal}", $"{process}"], new Launch());
        (await kill.EndAsync()).Successful();
    }
}
