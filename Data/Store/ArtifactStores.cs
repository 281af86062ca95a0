namespace ExplicitCluster.Data.Store;

/// <summary>Opens the artifact store that an address names.</summary>
public static class ArtifactStores
{
    /// <summary>Opens a store; nothing is read or written yet.</summary>
    /// <param name="address">A folder, as a path or <c>file:</c> URI.</param>
    /// <param name="connection">Secret that goes with the address, where it needs one; null otherwise.</param>
    /// <exception cref="StoreException">The address is of no known kind.</exception>
    public static IArtifactStore Open(string address, string? connection)
    {
        if (Uri.TryCreate(address, UriKind.Absolute, out var uri) && !uri.IsFile)
            throw new StoreException($"The store '{address}' is no folder.", "Give a folder.");
        _ = connection;
        return new FolderArtifactStore(uri is { IsFile: true } ? uri.LocalPath : address);
    }
}
