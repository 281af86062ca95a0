using System.Collections.Immutable;
using System.Security.Cryptography;
using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace ExplicitCluster.Data.Store;

/// <summary>How artifacts get into the container.</summary>
internal sealed partial class BlobArtifactStore
{
    /// <summary>Marks a blob as the outcome of one write: a write whose answer was lost is told from one that came too late.</summary>
    private const string TokenName = "write";

    /// <summary>Where artifacts lie whose name is not known yet: no artifact's name begins so, hence none is listed, not even one left over.</summary>
    private const string StagedFolder = ".staged/";

    private const int CopiedBytes = 4 << 20;
    private const int MostLostBlocks = 8;

    public Task<string> WriteAsync(string name, Func<Stream, CancellationToken, Task> write, WriteCondition condition, CancellationToken ct) =>
        WriteAsync(BlobOf(name), name, write, condition, ct);

    /// <summary>Writes under a passing name and copies, since a blob cannot be renamed.</summary>
    public async Task<string> WriteStagedAsync(
        string folder, Func<Stream, CancellationToken, Task<string>> write, WriteCondition condition, CancellationToken ct)
    {
        ArtifactName.Check(folder);
        var staged = container.GetBlockBlobClient($"{prefix}{StagedFolder}{Guid.NewGuid():N}");
        var name = folder;
        string etag;
        try
        {
            await WriteAsync(staged, folder, async (stream, token) => name = await write(stream, token), WriteCondition.Always, ct);
            if (!name.StartsWith(folder + "/", StringComparison.Ordinal))
                throw new ArgumentException($"Artifact {name} was staged in folder {folder} but does not lie in it.", nameof(write));
            etag = await WriteAsync(name, (stream, token) => CopyAsync(staged, name, stream, token), condition, ct);
        }
        catch (Exception error)
        {
            // Where the store itself fails, deleting would fail as well, after as long a wait.
            if (error.GetType() != typeof(StoreException)) await DeleteAsync(staged, folder, CancellationToken.None);
            throw;
        }
        await DeleteAsync(staged, folder, CancellationToken.None);
        return etag;
    }

    private static bool IsBroken(WriteCondition condition, string? etag) => condition.MustBeAbsent ? etag is not null : condition.ETag != etag;

    private static BlobRequestConditions? ConditionsOf(WriteCondition condition) =>
        condition.MustBeAbsent ? new BlobRequestConditions { IfNoneMatch = ETag.All }
        : condition.ETag is { } etag ? new BlobRequestConditions { IfMatch = new ETag(etag) }
        : null;

    private async Task<string> WriteAsync(
        BlockBlobClient blob, string name, Func<Stream, CancellationToken, Task> write, WriteCondition condition, CancellationToken ct)
    {
        // Saves the work where the condition fails already; the one that counts goes with the upload.
        if (condition != WriteCondition.Always && await StatAsync(name, ct) is var present && IsBroken(condition, present?.ETag))
            throw new ArtifactConflictException(name, condition, present?.ETag);
        await CreateContainerAsync(ct);
        var doing = $"write artifact {name}";
        var token = Guid.NewGuid().ToString("N");
        for (var lost = 0; ; lost++)
        {
            await using var stream = new BlockStream(blob, _errors, doing, ct);
            await write(stream, ct);
            ct.ThrowIfCancellationRequested();
            try
            {
                return await _errors.GuardAsync(doing, () => stream.CommitAsync(ConditionsOf(condition), ImmutableDictionary<string, string>.Empty.Add(TokenName, token)), ct);
            }
            catch (StoreException error) when (error.InnerException is RequestFailedException { Status: 409 or 412 } refused && refused.ErrorCode != BlobErrorCode.ContainerBeingDeleted)
            {
                var (etag, writtenBy) = await WriterOfAsync(blob, doing, ct);
                return writtenBy == token ? etag! : throw new ArtifactConflictException(name, condition, etag);
            }
            catch (StoreException error) when (lost < MostLostBlocks && AreBlocksLost(error.InnerException as RequestFailedException))
            {
                // Another write of this name ended meanwhile, and with it the service forgot the blocks of this one: they are uploaded again.
            }
        }
    }

    /// <summary>The list of blocks may also have arrived garbled, which comes to the same; some servers have no code for that.</summary>
    private static bool AreBlocksLost(RequestFailedException? error) => error is { Status: 400 }
        && (string.IsNullOrEmpty(error.ErrorCode) || error.ErrorCode == BlobErrorCode.InvalidBlockList || error.ErrorCode == BlobErrorCode.InvalidXmlDocument);

    private async Task CopyAsync(BlockBlobClient staged, string name, Stream destination, CancellationToken ct)
    {
        var properties = await FindAsync($"write artifact {name}", async () => WholeOf(await staged.GetPropertiesAsync(cancellationToken: ct)), ct) ?? throw new ArtifactMissingException(name);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        var buffer = new byte[Math.Min(CopiedBytes, properties.ContentLength)];
        for (var offset = 0L; offset < properties.ContentLength; offset += buffer.Length)
        {
            var part = buffer.AsMemory(0, (int)Math.Min(buffer.Length, properties.ContentLength - offset));
            await ReadRangeAsync(staged, name, offset, part, ct);
            hash.AppendData(part.Span);
            await destination.WriteAsync(part, ct);
        }
        if (!hash.GetHashAndReset().AsSpan().SequenceEqual(properties.ContentHash))
            throw _errors.Garbled($"write artifact {name}", null);
    }

    /// <exception cref="InvalidDataException">The length has been lost on the way, which would read as 0.</exception>
    private static BlobProperties WholeOf(Response<BlobProperties> answer) => answer.GetRawResponse().Headers.ContentLengthLong is not null
        ? answer.Value : throw new InvalidDataException("the answer does not say how long the blob is");

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
}
