namespace ExplicitCluster.Data.Store;

/// <summary>Write-only view of a store's temporary file: the medium's errors become <see cref="StoreException"/>, so that a writer's own errors keep their type.</summary>
internal sealed class MediumStream(FileStream file, string root) : Stream
{
    private const string Doing = "write";

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => file.Position;
        set => throw new NotSupportedException();
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            file.Write(buffer);
        }
        catch (Exception error) when (StoreErrors.IsOfMedium(error))
        {
            throw StoreErrors.Translate(Doing, root, error);
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            await file.WriteAsync(buffer, cancellationToken);
        }
        catch (Exception error) when (StoreErrors.IsOfMedium(error))
        {
            throw StoreErrors.Translate(Doing, root, error);
        }
    }

    /// <summary>Returns once the medium itself has the data, so that a name never outlives a power cut without its content.</summary>
    public void FlushToDisk() => StoreErrors.Guard(Doing, root, () =>
    {
        file.Flush(flushToDisk: true);
        return true;
    });

    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        await file.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) file.Dispose();
        base.Dispose(disposing);
    }
}
