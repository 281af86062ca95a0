using System.Collections.Concurrent;
using System.Text.Json;
using ExplicitCluster.EndToEnd.Tests.Fashion;
using ExplicitCluster.Testing;

[assembly: AssemblyFixture(typeof(TrainedStore))]

namespace ExplicitCluster.EndToEnd.Tests.Fashion;

/// <summary>One store for tests that only read: each example is trained in it once, when first asked for.</summary>
public sealed class TrainedStore : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentDictionary<string, Lazy<Task<JsonElement>>> _results = new(StringComparer.Ordinal);

    /// <summary>Working folder of commands on the store, which is its <c>.explicit</c>.</summary>
    public string Folder => _folder.Path;

    /// <summary>What <c>explicit train examples/NAME.yaml --json</c> printed.</summary>
    public Task<JsonElement> TrainAsync(string example) => _results.GetOrAdd(example, name => new(() => SolveAsync(name))).Value;

    public void Dispose() => _folder.Dispose();

    private async Task<JsonElement> SolveAsync(string example) =>
        (await ExplicitClient.RunAsync(Folder, "train", ExplicitClient.Example(example), "--json")).Successful().Json();
}
