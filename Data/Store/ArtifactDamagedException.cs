namespace ExplicitCluster.Data.Store;

/// <summary>An artifact is not what was written: a checksum, a length or its form is wrong.</summary>
/// <param name="name">The artifact's name.</param>
/// <param name="where">Position within it, for example <c>segment 3</c>.</param>
/// <param name="expected">What should be there.</param>
/// <param name="seen">What is there.</param>
public sealed class ArtifactDamagedException(string name, string where, string expected, string seen) : StoreException(
    $"Artifact {name} is damaged at {where}: expected {expected}, seen {seen}.",
    RemedyOf(name))
{
    public string Name { get; } = name;

    public string Where { get; } = where;

    public string Expected { get; } = expected;

    public string Seen { get; } = seen;

    /// <summary>Statistics and decoded rows are computed again; a model or a job's record is not, but a job makes another.</summary>
    private static string RemedyOf(string name) => name.Split('/')[0] switch
    {
        "models" => $"Delete the folder of {name} from the store, and train the model again.",
        "jobs" => $"Delete {name} from the store, which forgets the job; what it computed stays.",
        _ => $"Delete {name} from the store and start the job again; it is computed again.",
    };
}
