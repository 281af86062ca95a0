using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Data.Sources;

namespace ExplicitCluster.Data.Documents;

/// <summary>Plain text: a document is a line, what stands between blank lines, or the whole file. Lines of a document are joined by LF.</summary>
internal sealed class TextParser : DocumentParser
{
    private readonly DocumentCut _cut;

    public TextParser(string path, LineScanner lines, DocumentCut cut)
        : base(path, lines)
    {
        _cut = cut;
        Columns = new DocumentColumns(0, 0, -1, -1);
    }

    public override bool Next(DocumentBuffer buffer, ref long mended)
    {
        var lines = 0;
        while (Lines.Next())
        {
            if (_cut == DocumentCut.BlankLine && IsBlank(Lines.Line))
            {
                if (lines == 0) continue;
                break;
            }
            if (lines++ > 0) buffer.Append("\n"u8);
            buffer.Append(Lines.Line);
            if (buffer.Pending > SourceLimits.MaxDocument)
                throw Bad(Lines.Number, "", $"a document of more than {SourceLimits.MaxDocument} bytes", "shorter ones: set document: line");
            if (_cut == DocumentCut.Line) break;
        }
        if (lines == 0) return false;
        if (buffer.EndRow(-1, float.NaN)) mended++;
        return true;
    }

    private static bool IsBlank(ReadOnlySpan<byte> line) => line.Trim(" \t\r"u8).IsEmpty;
}
