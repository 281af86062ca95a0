namespace ExplicitCluster.EndToEnd.Tests;

/// <summary>Where and how a process is started.</summary>
internal sealed record Launch
{
    public string Folder { get; init; } = Path.GetTempPath();

    /// <summary>Variables on top of those of the tests; null removes one.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>After this the process is killed and the test fails.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromMinutes(2);

    public Launch With(string name, string value) => this with { Environment = new Dictionary<string, string?>(Environment) { [name] = value } };
}
