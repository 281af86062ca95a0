using ZstdSharp;

namespace ExplicitCluster.Data.Sources;

/// <summary>Decodes Zstandard, one frame or many; a file cut short, bytes after its end and wrong checksums are noticed.</summary>
internal sealed class ZstdDecoder : IFileDecoder
{
    private readonly string _path;
    private readonly HashingReader _source;
    private readonly Input _input;
    private readonly DecompressionStream _frames;
    private long _decoded;

    public ZstdDecoder(string path, HashingReader source)
    {
        (_path, _source) = (path, source);
        _input = new Input(source);
        _frames = new DecompressionStream(_input);
    }

    public static ReadOnlySpan<byte> Magic => [0x28, 0xb5, 0x2f, 0xfd];

    public int Read(Span<byte> destination)
    {
        try
        {
            var count = _frames.Read(destination);
            _decoded += count;
            if (_decoded > SourceLimits.RatioFreeBytes && _decoded / SourceLimits.MaxRatio > _source.Offset)
                throw SourceErrors.Bomb(_path, "zst", _decoded, _source.Offset);
            return count;
        }
        catch (EndOfStreamException)
        {
            throw SourceErrors.Compressed(_path, "zst", _source.Offset, $"the file ends inside the compressed data, after {_decoded} decoded bytes", "more data");
        }
        catch (ZstdException error)
        {
            throw SourceErrors.Compressed(_path, "zst", _source.Offset, $"the compressed data is damaged ({error.Message}), at or up to {_input.LastChunk} bytes before", "Zstandard frames");
        }
    }

    public void Dispose() => _frames.Dispose();

    private sealed class Input(HashingReader source) : ReadOnlyStream
    {
        public int LastChunk { get; private set; }

        public override int Read(Span<byte> buffer)
        {
            var count = source.Read(buffer);
            if (count > 0) LastChunk = count;
            return count;
        }
    }
}
