using System.Globalization;
using System.Text.Json;
using ExplicitCluster.Testing;

namespace ExplicitCluster.EndToEnd.Tests.Cluster;

/// <summary><c>cluster up</c>, what it starts, what commands give there, and that it ends with all of it.</summary>
[Collection(nameof(InProcess))]
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
        var here = (await InProcess.RunAsync(_folder.Path, "train", ExplicitClient.Example("table"), "--store", _folder["embedded"], "--json")).Successful().Json();
        Assert.Equal(Silos, there.GetProperty("silos").GetInt32());
        Assert.Equal(here.GetProperty("weightsSha256").GetString(), there.GetProperty("weightsSha256").GetString());

        await AssertAgreesAsync(address, ["grid", Parts(), "--set", "grid.folds=3"], "groups", "settings", "foldRows", "bestLeftOut", "bestFolds");
        await AssertAgreesAsync(address, ["curve", Parts(), "--shares", "40,100"], "points", "k", "alpha", "testRows", "leftOut");
        await AssertAgreesAsync(address, ["slice", Parts(), "--where", "half=b"], "model", "weightsSha256", "statisticsSha256", "test");

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

    /// <summary>A command gives in the cluster, on all its silos, what it gives in a silo of this process.</summary>
    private async Task AssertAgreesAsync(string address, string[] command, params string[] fields)
    {
        var there = await DocumentAsync(["--cluster", address]);
        var here = await DocumentAsync(["--store", _folder["embedded"]]);
        Assert.Equal((Silos, 1), (there.GetProperty("silos").GetInt32(), here.GetProperty("silos").GetInt32()));
        foreach (var field in fields)
            Assert.Equal(here.GetProperty(field).GetRawText(), there.GetProperty(field).GetRawText());

        async Task<JsonElement> DocumentAsync(string[] where) => (await InProcess.RunAsync(_folder.Path, [.. command, .. where, "--json"])).Successful().Json();
    }

    /// <summary>The table of the examples as two sources with tags.</summary>
    private string Parts()
    {
        var lines = File.ReadAllLines(Repository.PathOf("examples", "table-train.csv"));
        _folder.Write("a.csv", string.Join('\n', lines.Where((_, line) => line == 0 || line % 2 == 0)));
        _folder.Write("b.csv", string.Join('\n', lines.Where((_, line) => line == 0 || line % 2 == 1)));
        return _folder.Write("parts.yaml", $$"""
            name: parts
            data:
              train:
                - { format: csv, path: a.csv, label: kind, tags: { half: a } }
                - { format: csv, path: b.csv, label: kind, tags: { half: b } }
              test: { format: csv, path: {{Repository.PathOf("examples", "table-test.csv")}}, label: kind }
              shardRows: 20
            features: [{ map: bins, levels: [1, 2, 3, 4, 6, 8] }, { map: bins, levels: [0.5, 1.5, 5] }]
            solve: { k: auto, alpha: 0.1 }
            grid: { k: [1, 2, 4], alpha: [0.1, 1], groups: each }
            """);
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
