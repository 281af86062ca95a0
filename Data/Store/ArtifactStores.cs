using Azure.Core;
using Azure.Identity;
using Azure.Storage.Blobs;

namespace ExplicitCluster.Data.Store;

/// <summary>Opens the artifact store that an address names.</summary>
public static class ArtifactStores
{
    private const string BlobScheme = "blob:";

    /// <summary>The newest version of the service that the SDK and its emulator both know.</summary>
    private const BlobClientOptions.ServiceVersion Version = BlobClientOptions.ServiceVersion.V2026_06_06;

    /// <summary>Opens a store; nothing is read or written yet.</summary>
    /// <param name="address">
    /// A folder, as a path or <c>file:</c> URI; <c>blob:CONTAINER[/PREFIX]</c> in the account of a connection string; or
    /// <c>https://ACCOUNT.blob.core.windows.net/CONTAINER[/PREFIX]</c> with the credentials of the environment.
    /// </param>
    /// <param name="connection">Secret: connection string that goes with <c>blob:</c>; null otherwise.</param>
    /// <exception cref="StoreException">The address is of no known kind, or lacks its connection string.</exception>
    public static IArtifactStore Open(string address, string? connection) => Open(address, connection, RetriesOfAMinute);

    /// <summary>Whether an address names a folder.</summary>
    public static bool IsFolder(string address) => !address.StartsWith(BlobScheme, StringComparison.Ordinal) && (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.IsFile);

    /// <inheritdoc cref="Open(string, string?)"/>
    internal static IArtifactStore Open(string address, string? connection, Action<RetryOptions> retries)
    {
        if (IsFolder(address))
            return new FolderArtifactStore(Uri.TryCreate(address, UriKind.Absolute, out var file) ? file.LocalPath : address);
        var options = new BlobClientOptions(Version);
        retries(options.Retry);
        try
        {
            if (address.StartsWith(BlobScheme, StringComparison.Ordinal))
            {
                var (container, prefix) = Split(address[BlobScheme.Length..], address);
                return string.IsNullOrWhiteSpace(connection)
                    ? throw new StoreException($"The store {address} needs a connection string.", "Set StoreConnection (EXPLICIT__STORECONNECTION).")
                    : new BlobArtifactStore(new BlobContainerClient(connection, container, options), prefix, address);
            }
            if (new Uri(address) is { Scheme: "https" } uri)
            {
                var (container, prefix) = Split(uri.AbsolutePath.Trim('/'), address);
                return new BlobArtifactStore(new BlobContainerClient(new Uri(uri, "/" + container), new DefaultAzureCredential(), options), prefix, address);
            }
        }
        catch (FormatException)
        {
            throw new StoreException($"The connection string of the store {address} is malformed.", "Copy it again from the account's access keys.");
        }
        throw new StoreException($"The store '{address}' is neither a folder nor a container.", "Give a folder, blob:CONTAINER, or https://ACCOUNT.blob.core.windows.net/CONTAINER.");
    }

    /// <summary>Delays double from 0.4 s to 10 s: about 45 s in all, and each try is given up after 20 s.</summary>
    private static void RetriesOfAMinute(RetryOptions retries)
    {
        retries.Mode = RetryMode.Exponential;
        retries.MaxRetries = 8;
        retries.Delay = TimeSpan.FromMilliseconds(400);
        retries.MaxDelay = TimeSpan.FromSeconds(10);
        retries.NetworkTimeout = TimeSpan.FromSeconds(20);
    }

    private static (string Container, string Prefix) Split(string path, string address)
    {
        var slash = path.IndexOf('/');
        var (container, prefix) = slash < 0 ? (path, "") : (path[..slash], path[(slash + 1)..].Trim('/') + "/");
        if (container.Length is < 3 or > 63 || container.Any(character => !char.IsAsciiLetterLower(character) && !char.IsAsciiDigit(character) && character != '-'))
            throw new StoreException($"The store {address} names no container.", "A container's name has 3 to 63 of a-z, 0-9 and '-'.");
        return prefix.Length == 0 || ArtifactName.IsValid(prefix[..^1])
            ? (container, prefix)
            : throw new StoreException($"The store {address} has a prefix that cannot name artifacts.", "Use segments of a-z, A-Z, 0-9, '.', '_' and '-'.");
    }
}
