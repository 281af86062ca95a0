using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Azure.Storage;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace ExplicitCluster.Data.Store;

/// <summary>
/// Write-only: cuts what is written into blocks of 4 MiB and uploads them, a few at a time, each with a checksum. Nothing is visible before <see cref="CommitAsync"/>;
/// what fits into one block is uploaded by the commit alone.
/// </summary>
internal sealed class BlockStream(BlockBlobClient blob, BlobErrors errors, string doing, CancellationToken ct) : Stream
{
    private const int BlockBytes = 4 << 20;
    private const int MostInFlight = 3;

    private static readonly UploadTransferValidationOptions Checksum = new() { ChecksumAlgorithm = StorageChecksumAlgorithm.MD5 };

    // Ids say which write they belong to: two writers of one name must not mix their blocks.
    private readonly string _write = Guid.NewGuid().ToString("N");
    private readonly List<string> _blocks = [];
    private readonly Queue<Task> _inFlight = new();
    private readonly CancellationTokenSource _giveUp = CancellationTokenSource.CreateLinkedTokenSource(ct);
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
    private byte[]? _buffer;
    private int _filled;
    private long _length;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _length;
        set => throw new NotSupportedException();
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (buffer.Length > 0)
        {
            if (_filled == BlockBytes)
                SendBlockAsync().GetAwaiter().GetResult();
            buffer = buffer[Take(buffer)..];
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (buffer.Length > 0)
        {
            if (_filled == BlockBytes)
                await SendBlockAsync();
            buffer = buffer[Take(buffer.Span)..];
        }
    }

    /// <summary>Makes what was written the blob's content, provided that the conditions hold. Returns the new ETag.</summary>
    public async Task<string> CommitAsync(BlobRequestConditions? conditions, IDictionary<string, string> metadata)
    {
        if (_blocks.Count == 0)
        {
            using var whole = new MemoryStream(_buffer ?? [], 0, _filled, writable: false);
            var put = new BlobUploadOptions { Conditions = conditions, Metadata = metadata, TransferValidation = Checksum };
            return (await blob.UploadAsync(whole, put, ct)).Value.ETag.ToString();
        }
        if (_filled > 0)
            await SendBlockAsync();
        await Task.WhenAll(_inFlight);
        // The service does this itself for a blob in one piece: whoever reads all of it can tell that it is whole.
        var headers = new BlobHttpHeaders { ContentHash = _hash.GetCurrentHash() };
        var commit = new CommitBlockListOptions { Conditions = conditions, Metadata = metadata, HttpHeaders = headers };
        return (await blob.CommitBlockListAsync(_blocks, commit, ct)).Value.ETag.ToString();
    }

    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Blocks on their way are given up where the write was.</summary>
    public override async ValueTask DisposeAsync()
    {
        await _giveUp.CancelAsync();
        await Task.WhenAll(_inFlight).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _giveUp.Dispose();
        _hash.Dispose();
        await base.DisposeAsync();
    }

    private int Take(ReadOnlySpan<byte> data)
    {
        _buffer ??= GC.AllocateUninitializedArray<byte>(BlockBytes);
        var taken = Math.Min(data.Length, BlockBytes - _filled);
        data[..taken].CopyTo(_buffer.AsSpan(_filled));
        _filled += taken;
        _length += taken;
        return taken;
    }

    private async Task SendBlockAsync()
    {
        while (_inFlight.Count >= MostInFlight)
            await _inFlight.Dequeue().ConfigureAwait(false);
        var id = Convert.ToBase64String(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{_write}-{_blocks.Count:D6}")));
        var (content, count) = (_buffer!, _filled);
        (_buffer, _filled) = (null, 0);
        _hash.AppendData(content, 0, count);
        _blocks.Add(id);
        _inFlight.Enqueue(Task.Run(() => errors.GuardAsync(doing, async () =>
        {
            using var block = new MemoryStream(content, 0, count, writable: false);
            return await blob.StageBlockAsync(id, block, new BlockBlobStageBlockOptions { TransferValidation = Checksum }, _giveUp.Token);
        }, _giveUp.Token), _giveUp.Token));
    }
}
