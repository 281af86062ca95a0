using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Data.Sources;

namespace ExplicitCluster.Data.Documents;

/// <summary>Reads documents of a file, or of a part of it that begins and ends between documents, one after the other.</summary>
internal abstract class DocumentParser(string path, LineScanner lines)
{
    /// <summary>Where texts, labels and weights are; known once a document was read.</summary>
    public DocumentColumns? Columns { get; protected set; }

    /// <summary>Offset of the first byte after the last document.</summary>
    public long Offset => lines.Offset;

    protected string Path => path;

    protected LineScanner Lines => lines;

    /// <param name="source">Format and options.</param>
    /// <param name="path">The file, for messages.</param>
    /// <param name="lines">Its lines.</param>
    /// <param name="labels">Gives the labels their codes.</param>
    /// <param name="columns">What was found when the file was read from its start; null while it is.</param>
    public static DocumentParser Of(SourceSpecification source, string path, LineScanner lines, LabelCodes labels, DocumentColumns? columns) => source.Format switch
    {
        SourceFormat.Jsonl => new JsonLinesParser(source, path, lines, labels, columns),
        SourceFormat.Libsvm => new LibsvmParser(path, lines, labels, columns),
        SourceFormat.Csv => new DelimitedParser(source, path, lines, labels, columns, (byte)','),
        SourceFormat.Tsv => new DelimitedParser(source, path, lines, labels, columns, (byte)'\t'),
        _ => new TextParser(path, lines, source.Document),
    };

    /// <summary>Reads what stands before the first document of a file.</summary>
    public virtual void Start()
    {
    }

    /// <summary>Appends the next document; false after the last.</summary>
    /// <param name="buffer">Takes it.</param>
    /// <param name="mended">Counts documents with bytes that are no UTF-8, and sparse rows with an index twice.</param>
    /// <exception cref="SourceException">What comes next is none.</exception>
    public abstract bool Next(DocumentBuffer buffer, ref long mended);

    protected SourceException Bad(long line, string where, string seen, string expected) =>
        new($"{path} line {line}{where}: {seen}; expected {expected}.", "Correct the file.");
}
