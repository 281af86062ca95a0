namespace ExplicitCluster.Data.Store;

/// <summary>
/// Everything durable, by name. Written so that a folder and a blob container both fit: whole-artifact conditional writes and ranged reads, no append and no rename.
/// Names are segments of <c>[a-zA-Z0-9._-]</c> joined by '/', no segment starting with a dot. Failures of the medium are <see cref="StoreException"/>.
/// </summary>
public interface IArtifactStore
{
    /// <summary>Length and ETag; null when absent.</summary>
    Task<ArtifactInfo?> StatAsync(string name, CancellationToken ct);

    /// <summary>The whole artifact; null when absent.</summary>
    Task<Artifact?> ReadAsync(string name, CancellationToken ct);

    /// <summary>Fills all of <paramref name="destination"/> from <paramref name="offset"/>.</summary>
    /// <exception cref="ArtifactMissingException">There is no such artifact.</exception>
    /// <exception cref="ArtifactDamagedException">The artifact ends before the range does.</exception>
    Task ReadRangeAsync(string name, long offset, Memory<byte> destination, CancellationToken ct);

    /// <summary>
    /// Writes a whole artifact; readers see the former content or the new one, never a part. What <paramref name="write"/> throws comes out unchanged
    /// and leaves nothing behind. It may be called again where the store lost what it wrote.
    /// </summary>
    /// <returns>The new ETag.</returns>
    /// <exception cref="ArtifactConflictException"><paramref name="condition"/> does not hold.</exception>
    Task<string> WriteAsync(string name, Func<Stream, CancellationToken, Task> write, WriteCondition condition, CancellationToken ct);

    /// <summary>
    /// As <see cref="WriteAsync"/> for an artifact whose name follows from its content: <paramref name="write"/> returns the name, which must lie in
    /// <paramref name="folder"/>.
    /// </summary>
    /// <exception cref="ArgumentException">The name does not lie there.</exception>
    Task<string> WriteStagedAsync(string folder, Func<Stream, CancellationToken, Task<string>> write, WriteCondition condition, CancellationToken ct);

    /// <summary>Names that start with <paramref name="prefix"/> (any text, not only whole segments), in ordinal order.</summary>
    IAsyncEnumerable<string> ListAsync(string prefix, CancellationToken ct);

    /// <summary>Deletes an artifact; one that is absent already is no error.</summary>
    Task DeleteAsync(string name, CancellationToken ct);
}
