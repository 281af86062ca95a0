using System.Collections.Immutable;
using System.Runtime.CompilerServices;
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
internal sealed class BlobArtifactStore(BlobContainerClient container, string prefix, string address) : IArtifactStore
{
    /// <summary>Marks a blob as the outcome of one write: a write whose answer was lost is told from one that came too late.</summary>
    private const string TokenName = "write";

    private readonly BlobErrors _errors = new(address);
    private volatile bool _exists;

    public async Task<ArtifactInfo?> StatAsync(string name, CancellationToken ct)
    {
        var blob = BlobOf(name);
        return await FindAsync($"look at artifact {name}", async () =>
        {
            var properties = (await blob.GetPropertiesAsync(cancellationToken: ct)).Value;
            return new ArtifactInfo(properties.ContentLength, properties.ETag.ToString());
        }, ct);
    }

    public async Task<Artifact?> ReadAsync(string name, CancellationToken ct)
    {
        var blob = BlobOf(name);
        return await FindAsync($"read artifact {name}", async () =>
        {
            var content = (await blob.DownloadContentAsync(ct)).Value;
            var bytes = content.Content.ToArray();
            return bytes.Length == content.Details.ContentLength
                ? new Artifact(bytes, content.Details.ETag.ToString())
                : throw new ArtifactDamagedException(name, "its end", $"{content.Details.ContentLength} bytes", $"{bytes.Length}");
        }, ct);
    }

    public async Task ReadRangeAsync(string name, long offset, Memory<byte> destination, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        var blob = BlobOf(name);
        if (destination.IsEmpty)
        {
            if (await StatAsync(name, ct) is null) throw new ArtifactMissingException(name);
            return;
        }
        try
        {
            var found = await FindAsync($"read artifact {name}", async () =>
            {
                var options = new BlobDownloadOptions { Range = new HttpRange(offset, destination.Length) };
                await using var content = (await blob.DownloadStreamingAsync(options, ct)).Value.Content;
                await content.ReadExactlyAsync(destination, ct);
                return this;
            }, ct);
            if (found is null) throw new ArtifactMissingException(name);
        }
        catch (Exception error) when (error is EndOfStreamException || error.InnerException is RequestFailedException { Status: 416 })
        {
            var length = (await StatAsync(name, ct))?.Length ?? 0;
            throw new ArtifactDamagedException(name, "its end", $"at least {offset + destination.Length} bytes", $"{length}");
        }
    }

    public async Task<string> WriteAsync(string name, Func<Stream, CancellationToken, Task> write, WriteCondition condition, CancellationToken ct)
    {
        var blob = BlobOf(name);
        // Saves the work where the condition fails already; the one that counts goes with the upload.
        if (condition != WriteCondition.Always && await StatAsync(name, ct) is var present && IsBroken(condition, present?.ETag))
            throw new ArtifactConflictException(name, condition, present?.ETag);
        await CreateContainerAsync(ct);
        var doing = $"write artifact {name}";
        await using var stream = new BlockStream(blob, _errors, doing, ct);
        await write(stream, ct);
        ct.ThrowIfCancellationRequested();
        var token = Guid.NewGuid().ToString("N");
        try
        {
            return await _errors.GuardAsync(doing, () => stream.CommitAsync(ConditionsOf(condition), ImmutableDictionary<string, string>.Empty.Add(TokenName, token)), ct);
        }
        catch (StoreException error) when (error.InnerException is RequestFailedException { Status: 409 or 412 } refused && refused.ErrorCode != BlobErrorCode.ContainerBeingDeleted)
        {
            var (etag, writtenBy) = await WriterOfAsync(blob, doing, ct);
            return writtenBy == token ? etag! : throw new ArtifactConflictException(name, condition, etag);
        }
    }

    public async IAsyncEnumerable<string> ListAsync(string prefixOfNames, [EnumeratorCancellation] CancellationToken ct)
    {
        var pages = container.GetBlobsAsync(BlobTraits.None, BlobStates.None, prefix + prefixOfNames, ct).AsPages().GetAsyncEnumerator(ct);
        await using (pages)
        {
            while (await FindAsync($"list artifacts {prefixOfNames}*", async () => await pages.MoveNextAsync() ? pages : null, ct) is not null)
            {
                foreach (var blob in pages.Current.Values)
                {
                    var name = blob.Name[prefix.Length..];
                    if (ArtifactName.IsValid(name)) yield return name;
                }
            }
        }
    }

    public async Task DeleteAsync(string name, CancellationToken ct)
    {
        var blob = BlobOf(name);
        await FindAsync($"delete artifact {name}", async () =>
        {
            await blob.DeleteAsync(cancellationToken: ct);
            return this;
        }, ct);
    }

    private static bool IsBroken(WriteCondition condition, string? etag) => condition.MustBeAbsent ? etag is not null : condition.ETag != etag;

    private static BlobRequestConditions? ConditionsOf(WriteCondition condition) =>
        condition.MustBeAbsent ? new BlobRequestConditions { IfNoneMatch = ETag.All }
        : condition.ETag is { } etag ? new BlobRequestConditions { IfMatch = new ETag(etag) }
        : null;

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

    private async Task<(string? ETag, string? Token)> WriterOfAsync(BlockBlobClient blob, string doing, CancellationToken ct)
    {
        var properties = await FindAsync(doing, async () => (await blob.GetPropertiesAsync(cancellationToken: ct)).Value, ct);
        return (properties?.ETag.ToString(), properties?.Metadata.TryGetValue(TokenName, out var token) is true ? token : null);
    }

    private async Task CreateContainerAsync(CancellationToken ct)
    {
        if (_exists) return;
        await _errors.GuardAsync("make the container", () => container.CreateIfNotExistsAsync(cancellationToken: ct), ct);
        _exists = true;
    }

    private BlockBlobClient BlobOf(string name)
    {
        ArtifactName.Check(name);
        return container.GetBlockBlobClient(prefix + name);
    }
}
