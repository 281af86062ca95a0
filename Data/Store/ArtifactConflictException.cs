namespace ExplicitCluster.Data.Store;

/// <summary>A conditional write found the artifact in another state than it asked for.</summary>
/// <param name="name">The artifact's name.</param>
/// <param name="expected">The condition.</param>
/// <param name="seen">The ETag found; null where there is no artifact.</param>
public sealed class ArtifactConflictException(string name, WriteCondition expected, string? seen) : StoreException(
    $"Artifact {name} was not written: the write expected {expected}, the store has {(seen is null ? "none" : $"ETag {seen}")}.",
    "Someone else wrote first: read it again and decide anew.")
{
    public string Name { get; } = name;

    public WriteCondition Expected { get; } = expected;

    /// <summary>The ETag found; null where there is no artifact.</summary>
    public string? Seen { get; } = seen;
}
