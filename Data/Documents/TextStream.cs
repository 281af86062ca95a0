using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Data.Sources;

namespace ExplicitCluster.Data.Documents;

/// <summary>
/// Documents of a text that can be read once only, such as that of a pipe, each as soon as it is there; one is in memory at a time. Gzip and Zstandard, limits and errors are
/// those of files of plain text.
/// </summary>
public sealed class TextStream : IDisposable
{
    private readonly Input _input;
    private readonly DocumentBuffer _document = new();
    private readonly DocumentCut _cut;
    private TextParser? _parser;

    /// <param name="name">For messages.</param>
    /// <param name="stream">The text from its start; disposed with this.</param>
    /// <param name="cut">What a document is.</param>
    public TextStream(string name, Stream stream, DocumentCut cut = DocumentCut.Line) => (Name, _input, _cut) = (name, new Input(name, stream), cut);

    public string Name { get; }

    /// <summary>The document in UTF-8, until the next is read; may be empty.</summary>
    public ReadOnlySpan<byte> Document => _document.Text;

    /// <summary>Goes to the next document; false after the last.</summary>
    /// <exception cref="SourceException">What comes next is none.</exception>
    /// <exception cref="OperationCanceledException">Cancelled, also while the other end of a pipe keeps silent.</exception>
    public Task<bool> NextAsync(CancellationToken cancellationToken) => Task.Run(Next, cancellationToken).WaitAsync(cancellationToken);

    public void Dispose() => _input.Dispose();

    private bool Next()
    {
        _parser ??= new TextParser(Name, new LineScanner(Name, _input), _cut);
        _document.Clear();
        long mended = 0;
        return _parser.Next(_document, ref mended);
    }

    private sealed class Input(string name, Stream stream) : ReadOnlyStream
    {
        private readonly HashingReader _reader = new(stream);
        private IFileDecoder? _decoder;
        private bool _isOpen;

        public override int Read(Span<byte> buffer)
        {
            try
            {
                if (!_isOpen) Open();
                return _decoder is null ? _reader.Read(buffer) : _decoder.Read(buffer);
            }
            catch (Exception error) when (error is (IOException and not EndOfStreamException) or UnauthorizedAccessException)
            {
                throw SourceErrors.Unreadable(name, error);
            }
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                _decoder?.Dispose();
                _reader.Dispose();
                stream.Dispose();
            }
            base.Dispose(disposing);
        }

        /// <summary>Looks no further than the first byte unless it may begin a compressed file: a short first line would wait for the second.</summary>
        private void Open()
        {
            _isOpen = true;
            if (_reader.Peek(1) is [0x1f] && _reader.Peek(2) is [0x1f, 0x8b]) _decoder = new GzipDecoder(name, _reader);
            else if (_reader.Peek(1).SequenceEqual(ZstdDecoder.Magic[..1]) && _reader.Peek(4).SequenceEqual(ZstdDecoder.Magic)) _decoder = new ZstdDecoder(name, _reader);
        }
    }
}
