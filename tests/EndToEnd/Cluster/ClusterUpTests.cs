using System.Globalization;
using ExplicitCluster.Testing;

namespace ExplicitCluster.EndToEnd.Tests.Cluster;

/// <summary><c>cluster up</c>, what it starts, and that it ends with all of it.</summary>
public sealed class ClusterUpTests : IDisposable
{
    private const int Silos = 2;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_local_cluster_trains_shows_its_silos_and_ends_with_all_its_processes()
    {
        // env gives the signal its default action, which whoever runs the tests may have ignored.
        string[] command = ["--default-signal=INT", ExplicitClient.Executable, "cluster", "up", "--silos", $"{Silos}", "--data", _folder["data"]];
        using var up = RunningProcess.Start("env", command, new Launch { Folder = _folder.Path });
        var output = await up.WaitForOutputLineAsync("cluster redis://");
        var address = output.Split(' ')[1];
        var started = Descendants(up.Id);
        Assert.Equal(Silos + 1, started.Count); // silos and Redis

        var there = (await ExplicitClient.RunAsync(_folder.Path, "train", ExplicitClient.Example("table"), "--cluster", address, "--json")).Successful().Json();
        var here = (await ExplicitClient.RunAsync(_folder.Path, "train", ExplicitClient.Example("table"), "--store", _folder["embedded"], "--json")).Successful().Json();
        Assert.Equal(Silos, there.GetProperty("silos").GetInt32());
        Assert.Equal(here.GetProperty("weightsSha256").GetString(), there.GetProperty("weightsSha256").GetString());

        var status = (await ExplicitClient.RunAsync(_folder.Path, "cluster", "status", "--cluster", address, "--json")).Successful().Json();
        Assert.Equal(address, status.GetProperty("cluster").GetString());
        var silos = status.GetProperty("silos").EnumerateArray().ToList();
        Assert.All(silos, silo => Assert.Equal("active", silo.GetProperty("status").GetString()));
        Assert.Equal(Silos, silos.Select(silo => silo.GetProperty("process").GetInt32()).Intersect(started).Count());
        Assert.True(status.GetProperty("grains").GetProperty("shards").GetInt32() > 0);

        using (var kill = RunningProcess.Start("kill", ["-INT", $"{up.Id}"], new Launch()))
            (await kill.EndAsync()).Successful();
        var outcome = (await up.EndAsync()).Successful();
        Assert.DoesNotContain("died", outcome.Error, StringComparison.Ordinal);
        Assert.All(started, process => Assert.False(Directory.Exists($"/proc/{process}"), $"process {process} goes on after 'cluster up' has ended"));
    }

    /// <summary>Processes that a process has started, and those that they have.</summary>
    private static List<int> Descendants(int process)
    {
        var parents = new List<(int Process, int Parent)>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id))
                continue;
            try
            {
                var stat = File.ReadAllText(Path.Combine(folder, "stat"));
                parents.Add((id, int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture)));
            }
            catch (IOException)
            {
                // It has ended meanwhile.
            }
        }
        return Below(process);

        List<int> Below(int parent) => [.. parents.Where(entry => entry.Parent == parent).SelectMany(entry => Below(entry.Process).Prepend(entry.Process))];
    }
}
