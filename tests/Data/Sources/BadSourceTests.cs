using System.IO.Compression;
using System.Text;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Data.Sources;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Testing;

namespace ExplicitCluster.Data.Tests.Sources;

/// <summary>Every way in which a source is wrong gives one line that names file and position, and one of remedy.</summary>
public sealed class BadSourceTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly byte[] GoodImages = IdxFile.Images(4, 2, 3, [.. Enumerable.Range(0, 24).Select(i => (byte)(i * 37))]);
    private static readonly byte[] GoodLabels = IdxFile.Labels(1, 2, 1, 0);
    private static readonly byte[] GzippedImages = Gzip.Of(GoodImages);

    /// <summary>Name of the case, images, labels, fragments of the message.</summary>
    private static readonly (string Case, byte[]? Images, byte[]? Labels, string[] Expected)[] IdxCases =
    [
        ("images missing", null, GoodLabels, ["/images does not exist"]),
        ("labels missing", GoodImages, null, ["/labels does not exist"]),
        ("images empty", [], GoodLabels, ["/images is empty (0 bytes)"]),
        ("labels empty", GoodImages, [], ["/labels is empty (0 bytes)"]),
        ("wrong magic", [.. "P5 28 28"u8, .. GoodImages], GoodLabels, ["/images: byte 0: 'P5 2' is not the start of an IDX file", "magic 00 00 08 03"]),
        ("escaped magic", [0xff, 0xd8, 0xff, 0xe0, .. GoodImages], GoodLabels, [@"/images: byte 0: '\xff\xd8\xff\xe0'"]),
        ("labels magic wrong", GoodImages, "5,0,4,1"u8.ToArray(), ["/labels: byte 0: '5,0,'", "expected labels (magic 00 00 08 01)"]),
        ("type of floats", IdxFile.Of(0x0d, [4, 2, 3], new byte[96]), GoodLabels, ["/images: byte 2: IDX type code 0x0d; expected 0x08"]),
        ("two dimensions", IdxFile.Of(8, [4, 6], new byte[24]), GoodLabels, ["/images: byte 3: 2 dimensions; expected images"]),
        ("four dimensions", IdxFile.Of(8, [4, 2, 3, 1], new byte[24]), GoodLabels, ["/images: byte 3: 4 dimensions"]),
        ("no images", IdxFile.Of(8, [0, 2, 3], []), GoodLabels, ["/images: byte 4: dimension 1 is 0; expected 1 to"]),
        ("height 0", IdxFile.Of(8, [4, 0, 3], []), GoodLabels, ["/images: byte 8: dimension 2 is 0"]),
        ("negative width", IdxFile.Of(8, [4, 2, -1], []), GoodLabels, ["/images: byte 12: dimension 3 is 4294967295"]),
        ("too many pixels", IdxFile.Of(8, [1, 46340, 46340], []), IdxFile.Labels(1), ["/images: byte 8: images of 46340 x 46340 pixels; expected at most 1000000"]),
        ("magic truncated", [0, 0, 8], GoodLabels, ["/images: byte 3: the file ends inside the IDX header; expected 16 bytes"]),
        ("header truncated", GoodImages[..10], GoodLabels, ["/images: byte 10: the file ends inside the IDX header"]),
        ("labels header truncated", GoodImages, GoodLabels[..6], ["/labels: byte 6: the file ends inside the IDX header; expected 8 bytes"]),
        ("body truncated", GoodImages[..30], GoodLabels, ["/images: byte 30: the data ends; expected 40 bytes, 24 for 4 images of 3 x 2"]),
        ("trailing bytes", [.. GoodImages, 7], GoodLabels, ["/images: byte 40: data goes on after the last value; expected the end of the data at 40 bytes"]),
        ("labels truncated", GoodImages, GoodLabels[..10], ["/labels: byte 10: the data ends; expected 12 bytes, 4 for 4 labels"]),
        ("labels trailing", GoodImages, [.. GoodLabels, 7], ["/labels: byte 12: data goes on"]),
        ("fewer labels", GoodImages, IdxFile.Labels(1, 2, 3), ["/labels: byte 4: 3 labels; expected 4, the number of images in", "/images"]),
        ("more labels", GoodImages, IdxFile.Labels(1, 2, 3, 4, 5), ["/labels: byte 4: 5 labels; expected 4"]),
        ("swapped", GoodLabels, GoodImages, ["/images: byte 3: 1 dimension, a file of labels; expected images"]),
        ("images as labels", GoodImages, GoodImages, ["/labels: byte 3: 3 dimensions, a file of images; expected labels"]),
        ("gzip body truncated", Gzip.Of(GoodImages[..30]), GoodLabels, ["/images: byte 30: the data ends; expected 40 bytes"]),
        ("gzip trailing bytes", Gzip.Of([.. GoodImages, 7]), GoodLabels, ["/images: byte 40: data goes on after the last value"]),
        ("gzip header truncated", Gzip.Of(GoodImages[..10]), GoodLabels, ["/images: byte 10: the file ends inside the IDX header"]),
        ("gzip cut in the data", GzippedImages[..20], GoodLabels, ["/images: byte 20 of the gzip file: the file ends inside the compressed data"]),
        ("gzip cut before the trailer", GzippedImages[..^8], GoodLabels, ["/images: byte ", "gzip checksum or length is wrong or cut off"]),
        ("gzip cut in the trailer", GzippedImages[..^3], GoodLabels, ["/images: byte ", "gzip checksum or length is wrong or cut off"]),
        ("gzip cut in its header", GzippedImages[..6], GoodLabels, ["/images: byte 6 of the gzip file: the file ends inside the gzip header"]),
        ("gzip crc", Flip(GzippedImages, GzippedImages.Length - 6), GoodLabels, ["/images: byte ", "gzip checksum or length is wrong", "CRC-32"]),
        ("gzip length", Flip(GzippedImages, GzippedImages.Length - 2), GoodLabels, ["/images: byte ", "gzip checksum or length is wrong"]),
        ("gzip of garbage", [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, .. "no deflate data at all"u8], GoodLabels, ["/images: byte ", "the compressed data is damaged"]),
        ("gzip method", [0x1f, 0x8b, 7, .. GzippedImages[3..]], GoodLabels, ["/images: byte 2 of the gzip file: compression method 7; expected 8"]),
        ("gzip flags", [0x1f, 0x8b, 8, 0xe0, .. GzippedImages[4..]], GoodLabels, ["/images: byte 3 of the gzip file: header flags 0xe0"]),
        ("gzip endless name", [0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 3, .. new string('x', 40_000).Select(c => (byte)c)], GoodLabels, ["/images: byte 10 of the gzip file: a name or comment in the header does not end"]),
        ("bytes after gzip", [.. GzippedImages, .. "and some more of it"u8], GoodLabels, ["of the gzip file: 'and some more of...' after the end of the gzip data"]),
        ("gzip of zeros", Gzip.Of(new byte[1 << 20]), GoodLabels, ["/images: byte 2: IDX type code 0x00"]),
        ("gzip bomb that declares itself", Gzip.Of(IdxFile.Of(8, [100, 1000, 1000], new byte[100_000_000]), CompressionLevel.SmallestSize), IdxFile.Labels(new byte[100]), ["of the gzip file: ", "bytes decoded so far, more than 1000 for each byte read"]),
    ];

    /// <summary>Name of the case, text, label column, header, fragments of the message.</summary>
    private static readonly (string Case, string Text, string? Label, bool Header, string[] Expected)[] TableCases =
    [
        ("ragged short", "a,b,c\n1,2,x\n1,x\n", "c", true, ["/table line 3: 2 fields; expected 3 as in line 1"]),
        ("ragged long", "a,b,c\n1,2,x,9\n", "c", true, ["/table line 2: 4 fields; expected 3"]),
        ("text for a number", "a,width,c\n1,2,x\n1,wide,x\n", "c", true, ["/table line 3 column 'width': 'wide' is no number"]),
        ("text without header", "1,2,x\n1,wide,x\n", "2", false, ["/table line 2 column 1: 'wide' is no number"]),
        ("a long text is cut", $"a,c\n{new string('z', 99)},x\n", "c", true, [$"'{new string('z', 16)}...' is no number"]),
        ("empty field", "a,b,c\n1,,x\n", "c", true, ["/table line 2 column 'b': the field is empty; expected a number"]),
        ("NaN", "a,c\nNaN,x\n", "c", true, ["/table line 2 column 'a': 'NaN' is not finite"]),
        ("Infinity", "a,c\nInfinity,x\n", "c", true, ["/table line 2 column 'a': 'Infinity' is not finite"]),
        ("minus infinity", "a,c\n-Infinity,x\n", "c", true, ["/table line 2 column 'a': '-Infinity' is not finite"]),
        ("negative", "a,c\n1,x\n-0.5,x\n", "c", true, ["/table line 3 column 'a': '-0.5' is negative; expected a number of 0 or more"]),
        ("1e999", "a,c\n1e999,x\n", "c", true, ["/table line 2 column 'a': '1e999' is not finite as float32"]),
        ("too large for float32", "a,c\n1e39,x\n", "c", true, ["'1e39' is not finite as float32"]),
        ("decimal comma", "a;c\n1,5;x\n", "c", true, ["/table line 1: there is no label column 'c'; expected one of 'a;c'"]),
        ("label column missing", "a,b,c\n1,2,x\n", "kind", true, ["/table line 1: there is no label column 'kind'; expected one of 'a', 'b', 'c'"]),
        ("label index too large", "a,b,c\n1,2,x\n", "3", true, ["/table line 1: label column 3 is out of range; expected 0 to 2"]),
        ("label name without header", "1,2,x\n", "kind", false, ["/table line 1: label column 'kind' is a name, but the file has no header"]),
        ("label empty", "a,c\n1,x\n1,  \n", "c", true, ["/table line 3 column 'c': the label is empty"]),
        ("label too long", $"a,c\n1,{new string('x', 300)}\n", "c", true, ["/table line 2 column 'c': a label of 300 characters; expected at most 256"]),
        ("label not given", "a,c\n1,x\n", null, true, ["/table: the source names no label column"]),
        ("only a header", "a,c\n", "c", true, ["/table line 2: a header and no line after it"]),
        ("only a line end", "\n", "c", true, ["/table line 1: column 0 has no name"]),
        ("header twice the same", "a,b,a,c\n1,2,3,x\n", "c", true, ["/table line 1: columns 0 and 2 are both named 'a'"]),
        ("header without a name", "a,,c\n1,2,x\n", "c", true, ["/table line 1: column 1 has no name"]),
        ("only the label column", "c\nx\n", "c", true, ["/table line 1: only the label column"]),
        ("wrong delimiter", "a\tb\tc\n1\t2\tx\n", "0", true, ["/table line 1: column 0 ", "control characters"]),
        ("unterminated quote", "a,c\n1,x\n1,\"x\n2,y\n", "c", true, ["/table line 3: a quoted field is not closed"]),
        ("text after a quote", "a,c\n1,\"x\"y\n", "c", true, ["/table line 2: a quoted field is not closed or goes on"]),
        ("line end in a label", "a,c\n1,\"x\ny\"\n", "c", true, [@"/table line 2 column 'c': the label 'x\x0ay' has control characters"]),
        ("NUL in a number", "a,c\n1\0,x\n", "c", true, [@"/table line 2 column 'a': '1\x00' is no number"]),
        ("NUL in a label", "a,c\n1,x\0\n", "c", true, [@"the label 'x\x00' has control characters"]),
        ("empty line amid data", "a,c\n1,x\n\n2,x\n", "c", true, ["/table line 3: an empty line amid the data; expected 2 fields"]),
        ("a comment is a line like others", "a,c\n#1,x\n", "c", true, ["/table line 2 column 'a': '#1' is no number"]),
        ("comment character of the reader", "a,c\n\uffff1,x\n1,x\n", "c", true, ["/table line 2: the line starts with U+FFFF"]),
        ("huge line", "a,c\n" + new string('9', 20 << 20) + ",x\n", "c", true, ["/table line 2: longer than 16777216 characters"]),
        ("too many columns", new string(',', 1_000_002) + "\n", "0", false, ["/table line 1: 1000003 columns; expected at most 1000000"]),
        ("too many labels", "a,c\n" + string.Concat(Enumerable.Range(0, 65_537).Select(i => $"1,{i}\n")), "c", true, ["/table line 65538 column 'c': more than 65536 different labels"]),
        ("empty file", "", "c", true, ["/table is empty (0 bytes)"]),
    ];

    private readonly TemporaryFolder _folder = new();
    private readonly SourceReader _reader;

    public BadSourceTests() => _reader = new SourceReader(new FolderArtifactStore(_folder["store"]));

    public static TheoryData<string> IdxNames => [.. IdxCases.Select(item => item.Case)];

    public static TheoryData<string> TableNames => [.. TableCases.Select(item => item.Case)];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(IdxNames))]
    public async Task A_bad_pair_of_idx_files_gives_one_clear_line(string name)
    {
        var (_, images, labels, expected) = IdxCases.Single(item => item.Case == name);
        if (images is not null) _folder.Write("images", images);
        if (labels is not null) _folder.Write("labels", labels);
        await AssertRefusedAsync(new SourceSpecification { Format = SourceFormat.Idx, Images = _folder["images"], Labels = _folder["labels"] }, expected);
    }

    [Theory]
    [MemberData(nameof(TableNames))]
    public async Task A_bad_table_gives_one_clear_line(string name)
    {
        var (_, text, label, header, expected) = TableCases.Single(item => item.Case == name);
        var source = new SourceSpecification { Format = SourceFormat.Csv, Path = _folder.Write("table", text), LabelColumn = label, Header = header };
        await AssertRefusedAsync(source, expected);
    }

    [Fact]
    public async Task Bytes_that_are_no_utf8_are_refused_with_line_and_column()
    {
        var path = _folder.Write("table", [.. "a,c\n1,x\n1,"u8, 0xff, 0xfe, .. "\n"u8]);
        await AssertRefusedAsync(Csv(path), ["/table line 3 column 'c': the label", "no UTF-8"]);
        _folder.Write("table", [.. "a,c\n1,x\n"u8, 0xff, .. ",x\n"u8]);
        await AssertRefusedAsync(Csv(path), ["/table line 3 column 'a': ", "is no number"]);
        _folder.Write("table", [.. "\xff\xfe"u8, .. Encoding.Unicode.GetBytes("a,c\n1,x\n")]);
        await AssertRefusedAsync(Csv(path), ["/table line 1: column 0 "]);
    }

    [Fact]
    public async Task A_gzip_table_that_is_cut_at_a_line_end_is_refused()
    {
        var gzip = Gzip.Of(Encoding.ASCII.GetBytes("a,c\n" + string.Concat(Enumerable.Range(0, 50_000).Select(i => $"{i * 31 % 1000},x{i % 7}\n"))));
        foreach (var cut in new[] { 8, 4, 1, gzip.Length / 2, gzip.Length - 12 })
            await AssertRefusedAsync(Csv(_folder.Write("table", gzip[..^cut])), ["/table: byte ", "of the gzip file"]);
    }

    [Fact]
    public async Task A_gzip_table_that_is_a_bomb_is_refused_in_bounded_memory()
    {
        var text = new byte[100 << 20];
        text.AsSpan().Fill((byte)'0');
        "a,c\n"u8.CopyTo(text);
        await AssertRefusedAsync(Csv(_folder.Write("table", Gzip.Of(text))), ["/table line 2: longer than 16777216 characters"]);
    }

    [Fact]
    public async Task Any_flipped_byte_of_a_gzip_source_is_noticed_or_harmless()
    {
        var labels = _folder.Write("labels", GoodLabels);
        var images = _folder.Write("images", GzippedImages);
        var good = await _reader.OpenAsync(new SourceSpecification { Format = SourceFormat.Idx, Images = images, Labels = labels }, true, None);
        await Damage.ForEachByteAsync(images, async () =>
        {
            try
            {
                var manifest = await _reader.OpenAsync(good.Specification, true, None);
                var rows = await _reader.ReadAsync(manifest, 0, 4, None);
                Assert.Equal(GoodImages[16..], rows.Rows.Data.ToArray());
            }
            catch (SourceException refused)
            {
                Assert.Contains("/images", refused.Message);
            }
        });
    }

    [Fact]
    public async Task A_folder_and_a_path_below_a_file_are_refused()
    {
        await AssertRefusedAsync(Csv(_folder.Path), [$"{_folder.Path} is a folder, not a file"]);
        await AssertRefusedAsync(Csv(_folder.Write("file", "x") + "/table"), ["/file/table does not exist"]);
    }

    [Fact]
    public async Task A_file_without_permission_is_refused()
    {
        Assert.SkipWhen(Environment.IsPrivilegedProcess || OperatingSystem.IsWindows(), "root may read every file");
        if (OperatingSystem.IsWindows()) return;
        var path = _folder.Write("table", "a,c\n1,x\n");
        File.SetUnixFileMode(path, UnixFileMode.None);
        await AssertRefusedAsync(Csv(path), ["/table may not be read by this user"]);
    }

    [Fact]
    public async Task A_specification_without_paths_or_labels_is_refused()
    {
        await AssertRefusedAsync(new SourceSpecification { Format = SourceFormat.Idx }, ["names no images"]);
        await AssertRefusedAsync(new SourceSpecification { Format = SourceFormat.Idx, Images = "/i" }, ["/i: the source names no labels"]);
        await AssertRefusedAsync(new SourceSpecification { Format = SourceFormat.Tsv }, ["format tsv and names no file"]);
        await AssertRefusedAsync(Csv("/a\0b"), ["is not valid"]);
    }

    [Fact]
    public async Task Where_the_fashion_mnist_package_is_missing_the_remedy_names_it()
    {
        const string folder = "/usr/share/datasets/fashion-mnist";
        var source = new SourceSpecification { Format = SourceFormat.Idx, Images = $"{folder}/absent.gz", Labels = $"{folder}/absent.gz" };
        var error = await Assert.ThrowsAsync<SourceException>(() => _reader.OpenAsync(source, true, None));
        Assert.Contains("Install Debian's package dataset-fashion-mnist, or point data.train and data.test at the four IDX files.", error.Remedy);
    }

    private static byte[] Flip(byte[] content, int index)
    {
        var flipped = (byte[])content.Clone();
        flipped[index] ^= 1;
        return flipped;
    }

    private static SourceSpecification Csv(string path) => new() { Format = SourceFormat.Csv, Path = path, LabelColumn = "c" };

    private async Task AssertRefusedAsync(SourceSpecification source, string[] expected)
    {
        var error = await Assert.ThrowsAsync<SourceException>(() => _reader.OpenAsync(source, true, None));
        Assert.All(expected, fragment => Assert.Contains(fragment, error.Message));
        Assert.DoesNotContain('\n', error.Message);
        Assert.All(error.Message, character => Assert.False(char.IsControl(character)));
        Assert.NotEmpty(error.Remedy);
        // Nothing half-decoded stays behind.
        if (Directory.Exists(_folder["store"])) Assert.Empty(Directory.GetFiles(_folder["store"], "*tmp*", SearchOption.AllDirectories));
    }
}
