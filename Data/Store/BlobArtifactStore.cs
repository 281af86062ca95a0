using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace ExplicitCluster.Data.Store;

/// <summary>
/// Artifacts as blobs of one container. A write uploads blocks and commits them at its end, so that readers see the former content or the new one.
/// Passing faults of the network and the service are ridden out by the SDK's retries for about a minute. The container is made by a process's first write;
/// one that is gone later is lost, and never made again in silence.
/// </summary>
/// <param name="container">The container, with its credentials and retry policy.</param>
/// <param name="prefix">What the names of all artifacts begin with: empty, or segments that end in '/'.</param>
/// <param name="address">The store's address, for messages.</param>
/// <param name="pageSize">How many names a list asks for at once; null for what the service gives.</param>
internal sealed partial class BlobArtifactStore(BlobContainerClient container, string prefix, string address, int? pageSize = null) : IArtifactStore
{
    private readonly BlobErrors _errors = new(address);
    private volatile bool _exists;

    public async Task<ArtifactInfo?> StatAsync(string name, CancellationToken ct)
    {
        var blob = BlobOf(name);
        return await FindAsync($"look at artifact {name}", async () =>
        {
            var answer = await blob.GetPropertiesAsync(cancellationToken: ct);
            return new ArtifactInfo(WholeOf(answer).ContentLength, answer.Value.ETag.ToString());
        }, ct);
    }

    public async Task<Artifact?> ReadAsync(string name, CancellationToken ct)
    {
        var blob = BlobOf(name);
        return await FindAsync($"read artifact {name}", () => UnchangedAsync(async () =>
        {
            var answer = (await blob.DownloadContentAsync(ct)).Value;
            var content = answer.Content.ToArray();
            // An answer in chunks says nowhere how long it should be.
            return (answer.Details.ContentHash is { } hash ? CryptographicOperations.HashData(HashAlgorithmName.MD5, content).AsSpan().SequenceEqual(hash) : content.Length == answer.Details.ContentLength)
                ? new Artifact(content, answer.Details.ETag.ToString())
                : throw new InvalidDataException("the answer is not what was written");
        }), ct);
    }

    public async Task ReadRangeAsync(string name, long offset, Memory<byte> destination, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        await ReadRangeAsync(BlobOf(name), name, offset, destination, ct);
    }

    public async IAsyncEnumerable<string> ListAsync(string prefixOfNames, [EnumeratorCancellation] CancellationToken ct)
    {
        for (string? next = null; next != "";)
        {
            if (await FindAsync($"list artifacts {prefixOfNames}*", () => PageAsync(prefix + prefixOfNames, next, ct), ct) is not { } page)
                yield break;
            foreach (var blob in page.Values)
            {
                var name = blob.Name[prefix.Length..];
                if (ArtifactName.IsValid(name)) yield return name;
            }
            next = page.ContinuationToken ?? "";
        }
    }

    public Task DeleteAsync(string name, CancellationToken ct) => DeleteAsync(BlobOf(name), name, ct);

    /// <summary>A blob that is replaced while it is read, and whose rest is asked for again, has no rest: the read starts anew.</summary>
    private static async Task<T?> UnchangedAsync<T>(Func<Task<T>> read) where T : class
    {
        try
        {
            return await read();
        }
        catch (RequestFailedException error) when (error.Status == 412)
        {
            throw new InvalidDataException("the blob was replaced while it was read", error);
        }
    }

    private async Task ReadRangeAsync(BlockBlobClient blob, string name, long offset, Memory<byte> destination, CancellationToken ct)
    {
        var end = offset + destination.Length;
        if (destination.IsEmpty)
        {
            if (await StatAsync(name, ct) is null) throw new ArtifactMissingException(name);
            return;
        }
        try
        {
            var found = await FindAsync($"read artifact {name}", () => UnchangedAsync(async () =>
            {
                var answer = (await blob.DownloadStreamingAsync(new BlobDownloadOptions { Range = new HttpRange(offset, destination.Length) }, ct)).Value;
                await using var content = answer.Content;
                if (!ContentRangeHeaderValue.TryParse(answer.Details.ContentRange, out var range) || range.From != offset)
                    throw new InvalidDataException("the answer is another range");
                if (range.Length < end) throw EndsEarly(range.Length.Value);
                await content.ReadExactlyAsync(destination, ct);
                return this;
            }), ct);
            if (found is null) throw new ArtifactMissingException(name);
        }
        catch (StoreException error) when (error.InnerException is RequestFailedException { Status: 416 })
        {
            throw EndsEarly((await StatAsync(name, ct))?.Length ?? 0);
        }

        ArtifactDamagedException EndsEarly(long length) => new(name, "its end", $"at least {end} bytes", $"{length}");
    }

    private Task DeleteAsync(BlockBlobClient blob, string name, CancellationToken ct) => FindAsync($"delete artifact {name}", async () =>
    {
        await blob.DeleteAsync(cancellationToken: ct);
        return this;
    }, ct);

    private async Task<Page<BlobItem>?> PageAsync(string start, string? next, CancellationToken ct)
    {
        await foreach (var page in container.GetBlobsAsync(BlobTraits.None, BlobStates.None, start, ct).AsPages(next, pageSize))
            return page;
        return null;
    }

    /// <summary>What an action finds; null where there is no such blob, or no container yet.</summary>
    private async Task<T?> FindAsync<T>(string doing, Func<Task<T?>> action, CancellationToken ct) where T : class
    {
        try
        {
            var found = await _errors.GuardAsync(doing, action, ct);
            _exists = true;
            return found;
        }
        catch (StoreException error) when (IsAbsence(error.InnerException as RequestFailedException))
        {
            return null;
        }
    }

    /// <summary>An answer without a body, as to a HEAD request, may come without a code.</summary>
    private bool IsAbsence(RequestFailedException? error) => error is { Status: 404 }
        && (error.ErrorCode != BlobErrorCode.ContainerNotFound || !_exists) && error.ErrorCode != BlobErrorCode.ContainerBeingDeleted;

    private BlockBlobClient BlobOf(string name)
    {
        ArtifactName.Check(name);
        return container.GetBlockBlobClient(prefix + name);
    }
}
