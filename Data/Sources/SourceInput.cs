using ExplicitCluster.Abstractions.Shards;

namespace ExplicitCluster.Data.Sources;

/// <summary>One file of a source while it is read for the first time: decoded if it is gzip or Zstandard (told by its first bytes, not its name), and hashed on the way.</summary>
internal sealed class SourceInput : ReadOnlyStream
{
    private readonly FileStream _file;
    private readonly HashingReader _reader;
    private readonly IFileDecoder? _decoder;
    private readonly long _modified;

    private SourceInput(string path, FileStream file)
    {
        Path = path;
        _file = file;
        FileLength = file.Length;
        _modified = File.GetLastWriteTimeUtc(file.SafeFileHandle).Ticks;
        _reader = new HashingReader(file);
        if (_reader.Peek(2) is [0x1f, 0x8b]) _decoder = new GzipDecoder(path, _reader);
        else if (_reader.Peek(4).SequenceEqual(ZstdDecoder.Magic)) _decoder = new ZstdDecoder(path, _reader);
    }

    public string Path { get; }

    public bool IsCompressed => _decoder is not null;

    /// <summary>Bytes of the file itself.</summary>
    public long FileLength { get; }

    /// <summary>Bytes of the file itself that were read so far.</summary>
    public long Consumed => _reader.Offset;

    /// <summary>Decoded bytes read so far.</summary>
    public long Decoded { get; private set; }

    /// <exception cref="SourceException">There is no such file, or it cannot be read.</exception>
    public static SourceInput Open(string path)
    {
        FileStream? file = null;
        try
        {
            if (Directory.Exists(path)) throw SourceErrors.Directory(path);
            var info = Target(path);
            if (!info.Exists) throw SourceErrors.Missing(path);
            // Before opening: a pipe has no length and would block.
            if (info.Length == 0) throw SourceErrors.Empty(path);
            file = new FileStream(path, new FileStreamOptions { Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0, Options = FileOptions.SequentialScan });
            return new SourceInput(path, file);
        }
        catch (Exception error)
        {
            file?.Dispose();
            throw error switch
            {
                FileNotFoundException or DirectoryNotFoundException => SourceErrors.Missing(path),
                UnauthorizedAccessException => SourceErrors.NoPermission(path),
                IOException => SourceErrors.Unreadable(path, error),
                _ => error,
            };
        }
    }

    /// <summary>Length and time of a file now, hash left empty; null where there is none.</summary>
    public static SourceFile? Stamp(string path)
    {
        var info = Target(path);
        return info.Exists ? new SourceFile(path, info.Length, info.LastWriteTimeUtc.Ticks, "") : null;
    }

    public override int Read(Span<byte> buffer)
    {
        try
        {
            var count = _decoder is null ? _reader.Read(buffer) : _decoder.Read(buffer);
            Decoded += count;
            return count;
        }
        catch (IOException error) when (error is not EndOfStreamException)
        {
            throw SourceErrors.Unreadable(Path, error);
        }
    }

    /// <summary>Fills the buffer, or as much of it as there is.</summary>
    public int Fill(Span<byte> buffer)
    {
        var filled = 0;
        while (filled < buffer.Length)
        {
            var count = Read(buffer[filled..]);
            if (count == 0) break;
            filled += count;
        }
        return filled;
    }

    /// <summary>After the last byte: the file as it was read, provided that it did not change meanwhile.</summary>
    public SourceFile Finish()
    {
        var hash = _reader.Finish();
        var now = Stamp(Path);
        return now is not null && now.Length == FileLength && now.Modified == _modified && _reader.Offset == FileLength
            ? now with { Sha256 = hash }
            : throw SourceErrors.Changed(Path);
    }

    /// <summary>The file itself where the path is a link, which has a length and a time of its own.</summary>
    private static FileInfo Target(string path) => new(File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _decoder?.Dispose();
            _reader.Dispose();
            _file.Dispose();
        }
        base.Dispose(disposing);
    }
}
