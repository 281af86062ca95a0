namespace ExplicitCluster.Abstractions.Shards;

/// <summary>A file of a source as it was read; another length or time means that it must be read again.</summary>
/// <param name="Path">Full path.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Modified">Time of the last write, UTC ticks.</param>
/// <param name="Sha256">Hex SHA-256 of the content.</param>
[GenerateSerializer, Immutable, Alias("explicit.SourceFile")]
public sealed record SourceFile(
    [property: Id(0)] string Path,
    [property: Id(1)] long Length,
    [property: Id(2)] long Modified,
    [property: Id(3)] string Sha256);
