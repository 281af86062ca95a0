using System.IO.Compression;
using System.Text;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Data.Sources;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Testing;

namespace ExplicitCluster.Data.Tests.Documents;

/// <summary>Damaged files of texts and sparse rows: each gives this line, after the file's path, and one of remedy.</summary>
public sealed class BadDocumentTests : IDisposable
{
    private const string Object = "expected an object like {\"text\": \"...\", \"label\": \"...\"}";

    private const string Checksum = "the gzip checksum or length is wrong or cut off, at or shortly before here; expected CRC-32 74ef3376 of 48887 decoded bytes.";

    private static readonly byte[] Parquet = ParquetFile.OfAsync([.. Enumerable.Range(0, 20).Select(i => ($"text {i}", $"l{i % 3}", 1f))], 10).Result;
    private static readonly byte[] Lines = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 5000).Select(i => $"line {i * 7919 % 4999}\n")));
    private static readonly byte[] Gzipped = Gzip.Of(Lines);
    private static readonly byte[] Stored = Gzip.Of(Lines, CompressionLevel.NoCompression);
    private static readonly byte[] Zipped = Zstd.Of(Lines);

    /// <summary>Name, source without its path, content, line.</summary>
    private static readonly (string Case, SourceSpecification Source, byte[]? Content, string Expected)[] Cases =
    [
        // Plain text.
        ("text missing", Text(), null, " does not exist."),
        ("text empty", Text(), [], " is empty (0 bytes)."),
        ("text of UTF-16", Text(), [0xff, 0xfe, .. Encoding.Unicode.GetBytes("a line")], ": byte 0: the mark of UTF-16; expected text in UTF-8."),
        ("text of big-endian UTF-16", Text(), [0xfe, 0xff, .. Encoding.BigEndianUnicode.GetBytes("a line")], ": byte 0: the mark of UTF-16; expected text in UTF-8."),
        ("only blank lines", Text(DocumentCut.BlankLine), "\n \n\t\n"u8.ToArray(), ": no document after 5 bytes; expected at least one."),
        ("an endless line", Text(), [.. "a\n"u8, .. new byte[(16 << 20) + 1]], " line 2: longer than 16777216 bytes; expected a shorter line."),
        ("an endless line in gzip", Text(), Gzip.Of([.. "a\n"u8, .. new byte[80 << 20]]), " line 2: longer than 16777216 bytes; expected a shorter line."),
        // Compressed text.
        ("gzip cut off", Text(), Stored[..^2008], $": byte {Stored.Length - 2008} of the gzip file: the file ends inside the compressed data, after {Lines.Length - 2000} decoded bytes; expected more data."),
        ("gzip cut in its trailer", Text(), Gzipped[..^3], $": byte {Gzipped.Length - 3} of the gzip file: {Checksum}"),
        ("gzip with a wrong checksum", Text(), Flip(Gzipped, Gzipped.Length - 6), $": byte {Gzipped.Length} of the gzip file: {Checksum}"),
        ("gzip of another method", Text(), Flip(Gzipped, 2), ": byte 2 of the gzip file: compression method 9; expected 8 (deflate)."),
        ("gzip header alone", Text(), Gzipped[..7], ": byte 7 of the gzip file: the file ends inside the gzip header; expected at least 10 bytes."),
        ("gzip with a tail", Text(), [.. Gzipped, .. "and more"u8], $": byte {Gzipped.Length} of the gzip file: 'and more' after the end of the gzip data; expected the end of the file or another gzip member."),
        ("zst cut off", Text(), Zipped[..^100], $": byte {Zipped.Length - 100} of the zst file: the file ends inside the compressed data, after 0 decoded bytes; expected more data."),
        ("zst cut in its header", Text(), Zipped[..5], ": byte 5 of the zst file: the file ends inside the compressed data, after 0 decoded bytes; expected more data."),
        ("zst damaged", Text(), Flip(Zipped, Zipped.Length / 2), $": byte {Zipped.Length} of the zst file: the compressed data is damaged (Data corruption detected), at or up to {Zipped.Length} bytes before; expected Zstandard frames."),
        ("zst with a wrong checksum", Text(), Flip(Zipped, Zipped.Length - 1), $": byte {Zipped.Length} of the zst file: the compressed data is damaged (Restored data doesn't match checksum), at or up to {Zipped.Length} bytes before; expected Zstandard frames."),
        ("zst with a tail", Text(), [.. Zipped, .. "and more"u8], $": byte {Zipped.Length + 8} of the zst file: the compressed data is damaged (Unknown frame descriptor), at or up to {Zipped.Length + 8} bytes before; expected Zstandard frames."),
        // JSON Lines.
        ("JSON cut off", Jsonl(), "{\"text\": \"a\", \"label\": \"x\"}\n{\"text\": \"b"u8.ToArray(), $" line 2 byte 11: the line ends amid a value; {Object}."),
        ("no JSON", Jsonl(), "a text\n"u8.ToArray(), $" line 1 byte 0: no JSON at 'a text'; {Object}."),
        ("a list", Jsonl(), "[\"a\", \"x\"]\n"u8.ToArray(), $" line 1: a list; {Object}."),
        ("two objects in a line", Jsonl(), "{\"text\": \"a\", \"label\": 1}{\"text\": \"a\"}\n"u8.ToArray(), $" line 1 byte 25: no JSON at '{{\"text\": \"a\"}}'; {Object}."),
        ("an object over two lines", Jsonl(), "{\"text\": \"a\"\n, \"label\": 1}\n"u8.ToArray(), $" line 1 byte 12: the line ends amid a value; {Object}."),
        ("no text", Jsonl(), "{\"label\": \"x\"}\n"u8.ToArray(), $" line 1: no key 'text'; {Object}; set text to the key of the texts."),
        ("text is a number", Jsonl(), "{\"text\": 5}\n"u8.ToArray(), " line 1 key 'text': a number; expected a string."),
        ("text twice", Jsonl(), "{\"text\": \"a\", \"text\": \"b\"}\n"u8.ToArray(), " line 1: the key 'text' twice; expected it once."),
        ("half of a surrogate pair", Jsonl(), "{\"text\": \"a\\ud800b\", \"label\": 1}\n"u8.ToArray(), " line 1 key 'text': half of a surrogate pair, escaped; expected both halves, or the character itself in UTF-8."),
        ("a label is a list", Jsonl(), "{\"text\": \"a\", \"label\": [1]}\n"u8.ToArray(), " line 1 key 'label': a list; expected a string or a number."),
        ("a label is missing", Jsonl(), "{\"text\": \"a\", \"label\": 1}\n{\"text\": \"b\"}\n"u8.ToArray(), " line 2: no key 'label'; expected one, as in line 1."),
        ("no label at all", Jsonl(), "{\"text\": \"a\"}\n"u8.ToArray(), ": no line has a label; expected labels to learn from or to compare with."),
        ("an empty label", Jsonl(), "{\"text\": \"a\", \"label\": \" \"}\n"u8.ToArray(), " line 1 key 'label': the label is empty; expected a label."),
        ("a label with a line end", Jsonl(), "{\"text\": \"a\", \"label\": \"x\\ny\"}\n"u8.ToArray(), " line 1 key 'label': the label 'x\\x0ay' has control characters or is no UTF-8; expected text in UTF-8."),
        ("a negative weight", Jsonl(), "{\"text\": \"a\", \"label\": 1, \"weight\": -1}\n"u8.ToArray(), " line 1 key 'weight': '-1' is negative or not finite as float32; expected a number of 0 or more."),
        ("a weight of text", Jsonl(), "{\"text\": \"a\", \"label\": 1, \"weight\": \"1\"}\n"u8.ToArray(), " line 1 key 'weight': a string; expected a number of 0 or more."),
        ("an empty line amid JSON", Jsonl(), "{\"text\": \"a\", \"label\": 1}\n\n{\"text\": \"b\", \"label\": 1}\n"u8.ToArray(), $" line 2: an empty line amid the data; {Object}."),
        // Delimited.
        ("no such text column", Csv(), "a,label\nb,x\n"u8.ToArray(), " line 1: there is no text column 'text'; expected one of 'a', 'label'."),
        ("a quote never closed", Csv(), "text,label\n\"b,x\nc,y\n"u8.ToArray(), " line 2: a quoted field is not closed or goes on after its closing quote; expected a delimiter after it."),
        ("text after a quote", Csv(), "text,label\n\"a\"b,x\n"u8.ToArray(), " line 2: a quoted field is not closed or goes on after its closing quote; expected a delimiter after it."),
        ("a field too many", Csv(), "text,label\na,x\nb,c,x\n"u8.ToArray(), " line 3: 3 fields; expected 2 as in line 1."),
        ("an empty label of a table", Csv(), "text,label\n\"a\nb\",x\nc,\n"u8.ToArray(), " line 4 column 'label': the label is empty; expected a label."),
        ("columns of one name", Csv(), "text,label,text\na,x,b\n"u8.ToArray(), " line 1: columns 0 and 2 are both named 'text'; expected different names."),
        ("a weight that is none", Csv() with { WeightColumn = "w" }, "text,label,w\na,x,much\n"u8.ToArray(), " line 2 column 'w': 'much' is no number; expected a number of 0 or more."),
        ("text and label in one column", Csv() with { TextColumn = "label" }, "text,label\na,x\n"u8.ToArray(), " line 1: text, label and weight are not three different columns."),
        ("a header alone", Csv(), "text,label\n"u8.ToArray(), ": no document after 11 bytes; expected at least one."),
        ("an empty line amid a table", Csv(), "text,label\na,x\n\nb,x\n"u8.ToArray(), " line 3: an empty line amid the data; expected 2 fields."),
        // libsvm.
        ("no number", Libsvm(), "1 1:a\n"u8.ToArray(), " line 1 index 1: 'a' is no number; expected a number of 0 or more."),
        ("a negative value", Libsvm(), "1 1:1 2:-3\n"u8.ToArray(), " line 1 index 2: '-3' is negative or not finite as float32; expected a number of 0 or more."),
        ("NaN", Libsvm(), "1 1:nan\n"u8.ToArray(), " line 1 index 1: 'nan' is negative or not finite as float32; expected a number of 0 or more."),
        ("no colon", Libsvm(), "1 1:1 2\n"u8.ToArray(), " line 1: '2'; expected a pair index:value."),
        ("a negative index", Libsvm(), "1 -1:1\n"u8.ToArray(), " line 1: the index '-1'; expected a whole number from 0 to 134217727."),
        ("an index too large", Libsvm(), "1 134217728:1\n"u8.ToArray(), " line 1: the index 134217728; expected at most 134217727."),
        ("an index beyond 32 bits", Libsvm(), "1 99999999999:1\n"u8.ToArray(), " line 1: the index '99999999999'; expected a whole number from 0 to 134217727."),
        ("several labels", Libsvm(), "1,3 1:1\n"u8.ToArray(), " line 1: the labels '1,3'; expected one label."),
        ("a ranking task", Libsvm(), "1 qid:3 1:1\n"u8.ToArray(), " line 1: 'qid:3' of a ranking task; expected pairs index:value alone."),
        ("a label is missing in libsvm", Libsvm(), "1 1:1\n2:1\n"u8.ToArray(), " line 2: no label; expected one, as in the lines before."),
        ("a sum that is not finite", Libsvm(), "1 1:3e38 1:3e38\n"u8.ToArray(), " line 1 index 1: the sum of its values is not finite as float32; expected smaller values."),
        ("only comments", Libsvm(), "# nothing\n\n"u8.ToArray(), ": no document after 11 bytes; expected at least one."),
        // Parquet.
        ("no Parquet", ParquetSource(), "text,label\na,x\n"u8.ToArray(), ": byte 0: 'text' is not the start of a Parquet file; expected 'PAR1'."),
        ("three bytes", ParquetSource(), "PAR"u8.ToArray(), ": byte 0: 'PAR' is not the start of a Parquet file; expected 'PAR1'."),
        ("Parquet cut off", ParquetSource(), Parquet[..^9], $": byte {Parquet.Length - 13}: {Excerpt.Of(Parquet.AsSpan(Parquet.Length - 13, 4))} is not the end of a Parquet file; expected 'PAR1'."),
        ("Parquet without its footer", ParquetSource(), [.. "PAR1"u8, 255, 255, 0, 0, .. "PAR1"u8], ": byte 4: a footer of 65535 bytes; expected 1 to 0."),
        ("structs too deep in a footer", ParquetSource(), [.. "PAR1"u8, 0xfc, .. Enumerable.Repeat((byte)0x1c, 99_999), .. BitConverter.GetBytes(100_000), .. "PAR1"u8], ": the footer, from byte 4, is damaged; expected Parquet's metadata."),
        ("a damaged footer", ParquetSource(), Overwrite(Parquet, Parquet.Length - 8 - BitConverter.ToInt32(Parquet, Parquet.Length - 8)), $": the footer, from byte {Parquet.Length - 8 - BitConverter.ToInt32(Parquet, Parquet.Length - 8)}, is damaged; expected Parquet's metadata."),
        ("a damaged page", ParquetSource() with { TextColumn = "id" }, Overwrite(Parquet, 4), ": row group 0 cannot be read (InvalidDataException); expected what Parquet's format says."),
        ("no text column in Parquet", ParquetSource() with { TextColumn = "text" }, Parquet, ": there is no text column 'text'; expected one of 'id', 'label', 'weight', 'the text'."),
        ("Parquet in gzip", ParquetSource(), Gzip.Of(Parquet), ": byte 0: a compressed file; expected Parquet, which is compressed within."),
    ];

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Names => [.. Cases.Select(item => item.Case)];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_damaged_file_gives_one_clear_line(string name)
    {
        var (_, source, content, expected) = Cases.Single(item => item.Case == name);
        var path = _folder["file"];
        if (content is not null) _folder.Write("file", content);
        var reader = new SourceReader(new FolderArtifactStore(_folder["store"]));
        var labelsRequired = source.Format != SourceFormat.Text;
        var error = await Assert.ThrowsAsync<SourceException>(() => reader.OpenAsync(source with { Path = path }, labelsRequired, CancellationToken.None));
        Assert.True(path + expected == error.Message, error.Message);
        Assert.NotEmpty(error.Remedy);
        Assert.DoesNotContain(error.Message, char.IsControl);
        if (Directory.Exists(_folder["store"])) Assert.Empty(Directory.GetFiles(_folder["store"], "*tmp*", SearchOption.AllDirectories));
    }

    private static SourceSpecification Text(DocumentCut cut = DocumentCut.Line) => new() { Format = SourceFormat.Text, Document = cut };

    private static SourceSpecification Jsonl() => new() { Format = SourceFormat.Jsonl };

    private static SourceSpecification Csv() => new() { Format = SourceFormat.Csv, TextColumn = "text", LabelColumn = "label" };

    private static SourceSpecification Libsvm() => new() { Format = SourceFormat.Libsvm };

    private static SourceSpecification ParquetSource() => new() { Format = SourceFormat.Parquet, TextColumn = "the text" };

    private static byte[] Overwrite(byte[] content, int index)
    {
        var damaged = (byte[])content.Clone();
        damaged.AsSpan(index, 8).Fill(0xff);
        return damaged;
    }

    private static byte[] Flip(byte[] content, int index)
    {
        var flipped = (byte[])content.Clone();
        flipped[index] ^= 1;
        return flipped;
    }
}
