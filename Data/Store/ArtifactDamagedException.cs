namespace ExplicitCluster.Data.Store;

/// <summary>An artifact is not what was written: a checksum, a length or its form is wrong.</summary>
/// <param name="name">The artifact's name.</param>
/// <param name="where">Position within it, for example <c>segment 3</c>.</param>
/// <param name="expected">What should be there.</param>
/// <param name="seen">What is there.</param>
public sealed class ArtifactDamagedException(string name, string where, string expected, string seen) : StoreException(
    $"Artifact {name} is damaged at {where}: expected {expected}, seen {seen}. Delete it; it is computed again.",
    $"Delete {name} from the store and start the job again; it is computed again.")
{
    public string Name { get; } = name;

    public string Where { get; } = where;

    public string Expected { get; } = expected;

    public string Seen { get; } = seen;
}
