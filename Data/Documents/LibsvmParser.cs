using System.Buffers.Text;
using System.Runtime.InteropServices;
using ExplicitCluster.Data.Sources;

namespace ExplicitCluster.Data.Documents;

/// <summary>
/// libsvm and svmlight: a line is a label and pairs <c>index:value</c>, with a comment behind <c>#</c>. Pairs are gathered as (int32, float32), ascending; zeros are left
/// out, values of an index that is named again are added up. Labels are in all lines or in none.
/// </summary>
internal sealed class LibsvmParser : DocumentParser
{
    private readonly LabelText _labels;
    private readonly List<SparseEntry> _entries = [];

    public LibsvmParser(string path, LineScanner lines, LabelCodes labels, DocumentColumns? columns)
        : base(path, lines)
    {
        _labels = new LabelText(labels);
        Columns = columns;
    }

    /// <summary>Greatest index so far, plus 1.</summary>
    public int Inputs { get; private set; } = 1;

    public override bool Next(DocumentBuffer buffer, ref long mended)
    {
        ReadOnlySpan<byte> rest;
        do
        {
            if (!Lines.Next()) return false;
            rest = Lines.Line;
            if (rest.IndexOf((byte)'#') is >= 0 and var comment) rest = rest[..comment];
            rest = rest.Trim(" \t\r"u8);
        }
        while (rest.IsEmpty);
        var first = Token(rest);
        var hasLabel = !first.Contains((byte)':');
        var label = hasLabel ? LabelOf(first) : -1;
        if (hasLabel) rest = rest[first.Length..];
        Columns ??= new DocumentColumns(0, 0, hasLabel ? 0 : -1, -1);
        if (hasLabel != Columns.HasLabels)
            throw Bad(Lines.Number, "", hasLabel ? $"the label {Excerpt.Of(first)}" : "no label", hasLabel ? "none, as in the lines before" : "one, as in the lines before");
        _entries.Clear();
        while (!(rest = rest.TrimStart(" \t"u8)).IsEmpty)
        {
            var pair = Token(rest);
            Add(pair);
            rest = rest[pair.Length..];
        }
        if (Order()) mended++;
        buffer.Append(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_entries)));
        buffer.EndRow(label, float.NaN, isText: false);
        return true;
    }

    private static ReadOnlySpan<byte> Token(ReadOnlySpan<byte> rest) => rest.IndexOfAny((byte)' ', (byte)'\t') is >= 0 and var end ? rest[..end] : rest;

    private int LabelOf(ReadOnlySpan<byte> token)
    {
        if (token.Contains((byte)',')) throw Bad(Lines.Number, "", $"the labels {Excerpt.Of(token)}", "one label");
        // "+1" and "1" are one class.
        var (code, seen, expected) = _labels.CodeOf(token.Length > 1 && token[0] == '+' ? token[1..] : token);
        return code >= 0 ? code : throw Bad(Lines.Number, "", seen, expected);
    }

    private void Add(ReadOnlySpan<byte> pair)
    {
        var colon = pair.IndexOf((byte)':');
        if (colon < 0) throw Bad(Lines.Number, "", $"{Excerpt.Of(pair)}", "a pair index:value");
        if (pair.StartsWith("qid:"u8)) throw Bad(Lines.Number, "", $"{Excerpt.Of(pair)} of a ranking task", "pairs index:value alone");
        if (!Utf8Parser.TryParse(pair[..colon], out int index, out var read) || read != colon || pair[0] is (byte)'+' or (byte)'-')
            throw Bad(Lines.Number, "", $"the index {Excerpt.Of(pair[..colon])}", $"a whole number from 0 to {SourceLimits.MaxSparseIndex}");
        if (index > SourceLimits.MaxSparseIndex) throw Bad(Lines.Number, "", $"the index {index}", $"at most {SourceLimits.MaxSparseIndex}");
        var (value, seen, expected) = LabelText.NumberOf(pair[(colon + 1)..]);
        if (float.IsNaN(value)) throw Bad(Lines.Number, $" index {index}", seen, expected);
        Inputs = Math.Max(Inputs, index + 1);
        if (value > 0) _entries.Add(new SparseEntry(index, value));
    }

    /// <summary>Sorts the entries and adds up those of one index; whether there were such.</summary>
    private bool Order()
    {
        var entries = CollectionsMarshal.AsSpan(_entries);
        var ascending = true;
        for (var i = 1; i < entries.Length && ascending; i++) ascending = entries[i - 1].Index < entries[i].Index;
        if (ascending) return false;
        // By value as well, so that a sum does not depend on the sorting.
        entries.Sort((left, right) => (left.Index, left.Value).CompareTo((right.Index, right.Value)));
        var count = 0;
        foreach (var entry in entries)
        {
            if (count > 0 && entries[count - 1].Index == entry.Index) entries[count - 1].Value += entry.Value;
            else entries[count++] = entry;
        }
        var merged = count < entries.Length;
        CollectionsMarshal.SetCount(_entries, count);
        foreach (var (index, value) in _entries)
        {
            if (float.IsPositiveInfinity(value)) throw Bad(Lines.Number, $" index {index}", "the sum of its values is not finite as float32", "smaller values");
        }
        return merged;
    }
}
