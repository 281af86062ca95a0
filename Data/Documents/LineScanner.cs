using ExplicitCluster.Data.Sources;

namespace ExplicitCluster.Data.Documents;

/// <summary>Cuts bytes into lines, which end with LF, CR LF or the last byte. Lines count from 1.</summary>
internal sealed class LineScanner
{
    private readonly string _path;
    private readonly Stream _input;
    private readonly bool _isStart;
    private byte[] _buffer;

    /// <summary>Offset in the input of the buffer's first byte.</summary>
    private long _base;
    private int _start;
    private int _length;
    private int _next;
    private int _end;

    /// <param name="path">For messages.</param>
    /// <param name="input">The file from its start.</param>
    public LineScanner(string path, Stream input) => (_path, _input, _buffer, _isStart) = (path, input, new byte[1 << 18], true);

    /// <param name="path">For messages.</param>
    /// <param name="part">Whole lines of the file.</param>
    /// <param name="isStart">Whether they are its first.</param>
    public LineScanner(string path, byte[] part, bool isStart) => (_path, _input, _buffer, _end, _isStart) = (path, Stream.Null, part, part.Length, isStart);

    /// <summary>Number of the line that <see cref="Line"/> begins with.</summary>
    public long Number { get; private set; }

    /// <summary>Lines read so far.</summary>
    public long Read { get; private set; }

    /// <summary>Offset of the byte after the line.</summary>
    public long Offset => _base + _next;

    /// <summary>The line without its end.</summary>
    public ReadOnlySpan<byte> Line => _buffer.AsSpan(_start, _length);

    /// <summary>Goes to the next line; false after the last.</summary>
    /// <exception cref="SourceException">It is longer than <see cref="SourceLimits.MaxLine"/>, or the file is UTF-16.</exception>
    public bool Next()
    {
        Number = Read + 1;
        _start = _next;
        _length = 0;
        return Take();
    }

    /// <summary>Appends the next line to this one, with the line end between them; false after the last.</summary>
    public bool Extend() => Take();

    private bool Take()
    {
        var from = _next;
        int found;
        while ((found = _buffer.AsSpan(from, _end - from).IndexOf((byte)'\n')) < 0)
        {
            from = _end;
            if (_end - _start > SourceLimits.MaxLine) throw TooLong();
            var shift = _start;
            if (!Fill()) break;
            from -= shift - _start;
        }
        if (found < 0 && _next == _end) return false;
        var end = found < 0 ? _end : from + found;
        if (end - _start > SourceLimits.MaxLine) throw TooLong();
        _next = found < 0 ? _end : end + 1;
        if (Read++ == 0 && _isStart) SkipMark();
        _length = end - _start;
        if (_length > 0 && _buffer[end - 1] == '\r') _length--;
        return true;
    }

    /// <summary>Reads on behind what is there, which may move to the start of the buffer; false at the end of the file.</summary>
    private bool Fill()
    {
        if (_end == _buffer.Length && _start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _base += _start;
            _next -= _start;
            _end -= _start;
            _start = 0;
        }
        if (_end == _buffer.Length)
        {
            if (_input == Stream.Null) return false;
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }
        var read = _input.Read(_buffer.AsSpan(_end));
        _end += read;
        return read > 0;
    }

    private void SkipMark()
    {
        var start = _buffer.AsSpan(_start, _end - _start);
        if (start is [0xff, 0xfe, ..] or [0xfe, 0xff, ..])
            throw new SourceException($"{_path}: byte 0: the mark of UTF-16; expected text in UTF-8.", "Convert the file to UTF-8.");
        if (start is [0xef, 0xbb, 0xbf, ..]) _start += 3;
    }

    private SourceException TooLong() => new(
        $"{_path} line {Read + 1}: longer than {SourceLimits.MaxLine} bytes; expected a shorter line.", "Look for a missing line end, or a quote that is never closed.");
}
