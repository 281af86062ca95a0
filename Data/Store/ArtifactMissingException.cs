namespace ExplicitCluster.Data.Store;

/// <summary>An artifact that should be there is not.</summary>
/// <param name="name">The artifact's name.</param>
/// <param name="inner">The medium's own error.</param>
public sealed class ArtifactMissingException(string name, Exception? inner = null) : StoreException(
    $"Artifact {name} is not in the store.", "It may have been deleted while in use: start the job again, and it is computed again.", inner)
{
    public string Name { get; } = name;
}
