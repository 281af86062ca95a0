using System.Text;
using System.Text.Json;
using CsCheck;
using ExplicitCluster.Abstractions.Shards;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Data.Documents;
using ExplicitCluster.Data.Sources;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Testing;

namespace ExplicitCluster.Data.Tests.Documents;

public sealed class DocumentReaderTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly TemporaryFolder _folder = new();
    private readonly FolderArtifactStore _store;
    private readonly SourceReader _reader;

    public DocumentReaderTests()
    {
        _store = new FolderArtifactStore(_folder["store"]);
        _reader = new SourceReader(_store);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_source_that_is_forgotten_leaves_nothing_in_the_store()
    {
        var source = new SourceSpecification { Format = SourceFormat.Text, Path = _folder.Write("passing", "one\ntwo\n") };
        await _reader.OpenAsync(source, false, None);
        Assert.Equal(2, await _store.ListAsync("", None).CountAsync(None));
        await _reader.ForgetAsync(source, None);
        await _reader.ForgetAsync(source, None);
        Assert.Empty(await _store.ListAsync("", None).ToListAsync(None));
    }

    [Theory]
    [InlineData("one\ntwo\n\nfour", DocumentCut.Line, new[] { "one", "two", "", "four" })]
    [InlineData("one\r\ntwo\r\n", DocumentCut.Line, new[] { "one", "two" })]
    [InlineData("\ufeffone\n\n", DocumentCut.Line, new[] { "one", "" })]
    [InlineData("\n\none\r\ntwo\n \t\n\nthree\n", DocumentCut.BlankLine, new[] { "one\ntwo", "three" })]
    [InlineData("one\r\n\ntwo\n", DocumentCut.File, new[] { "one\n\ntwo" })]
    public async Task Plain_text_is_cut_into_lines_paragraphs_or_taken_whole(string text, DocumentCut cut, string[] expected)
    {
        var source = new SourceSpecification { Format = SourceFormat.Text, Path = _folder.Write("plain", text), Document = cut };
        var zipped = source with { Path = _folder.Write("zipped", Gzip.Of(Encoding.UTF8.GetBytes(text))) };
        foreach (var manifest in new[] { await _reader.OpenAsync(source, false, None), await _reader.OpenAsync(zipped, false, None) })
        {
            Assert.Equal(expected, await TextsAsync(manifest));
            Assert.False(manifest.HasLabels);
            Assert.Equal((expected.Sum(Encoding.UTF8.GetByteCount), expected.Count(item => item.Length == 0)), (manifest.Texts!.Bytes, manifest.Texts.Empty));
        }
    }

    [Fact]
    public async Task Every_range_of_rows_is_the_same_in_place_and_decoded_in_every_format()
    {
        var rows = Enumerable.Range(0, 5000).Select(i => ($"row {i} \"é\",\t\n{new string('x', i % 300)}", $"l{i % 5}", i % 4 / 2f)).ToList();
        foreach (var source in Write(rows))
        {
            var plain = await _reader.OpenAsync(source, true, None);
            Assert.Equal($"datasets/{plain.Id}/index", plain.Texts!.IndexName);
            Assert.Null(plain.DecodedName);
            Assert.Equal((5000, true, true), (plain.Rows, plain.HasLabels, plain.Texts.HasWeights));
            var manifests = new List<SourceManifest> { plain };
            foreach (var compress in source.Format == SourceFormat.Parquet ? [] : new Func<byte[], byte[]>[] { content => Gzip.Of(content), Zstd.Of })
            {
                File.WriteAllBytes(source.Path! + ".compressed", compress(File.ReadAllBytes(source.Path!)));
                manifests.Add(await _reader.OpenAsync(source with { Path = source.Path + ".compressed" }, true, None));
                Assert.Equal((null, $"datasets/{manifests[^1].Id}/rows"), (manifests[^1].IndexName, manifests[^1].DecodedName));
            }
            var uploaded = await _reader.UploadAsync(source, true, new Progress<long>(), None);
            Assert.Equal((plain.Id, $"datasets/{plain.Id}/rows"), (uploaded.Id, uploaded.DecodedName));
            var elsewhere = await new SourceReader(_store).OpenAsync(uploaded.Specification with { Path = "/elsewhere" }, true, None);
            foreach (var manifest in manifests.Append(uploaded).Append(elsewhere))
            {
                foreach (var (first, count) in new[] { (0, 5000), (0, 0), (4999, 1), (4095, 2), (1400, 3000) })
                {
                    var chunk = await _reader.ReadDocumentsAsync(manifest, first, count, None);
                    var read = Enumerable.Range(0, chunk.Count).Select(i => (Encoding.UTF8.GetString(chunk[i]), manifest.Labels[chunk.Labels[i]], chunk.Weights![i]));
                    Assert.Equal(rows.Skip(first).Take(count), read);
                }
            }
            // The same rows are not read twice.
            Assert.Equal(plain.Files[0], (await _reader.OpenAsync(source, true, None)).Files[0]);
        }
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await _reader.ReadDocumentsAsync(await _reader.OpenAsync(Write(rows).First(), true, None), 4999, 2, None));
    }

    [Fact]
    public void Rows_of_any_text_come_back() =>
        Gen.Select(Gen.String[Gen.Char, 0, 30].Where(IsPlain), Gen.Int[0, 2].Select(i => new[] { "a", "b c", "\"d\", e" }[i]), Gen.Int[0, 40].Select(quarter => quarter / 4f)).List[1, 40].Sample(rows =>
        {
            foreach (var source in Write(rows))
            {
                var manifest = _reader.OpenAsync(source, true, None).Result;
                var chunk = _reader.ReadDocumentsAsync(manifest, 0, rows.Count, None).Result;
                var read = Enumerable.Range(0, chunk.Count).Select(i => (Encoding.UTF8.GetString(chunk[i]), manifest.Labels[chunk.Labels[i]], chunk.Weights![i]));
                Assert.Equal(rows, read);
            }
        }, iter: 25, threads: 1);

    [Fact]
    public async Task Bytes_that_are_no_utf8_read_as_the_replacement_character_and_are_counted()
    {
        var path = _folder.Write("text", [.. "good\n"u8, 0xff, .. "a"u8, 0xc3, .. "\nb"u8, 0xe2, 0x82, .. "\n"u8]);
        var manifest = await _reader.OpenAsync(new SourceSpecification { Format = SourceFormat.Text, Path = path }, false, None);
        Assert.Equal(["good", "\ufffda\ufffd", "b\ufffd"], await TextsAsync(manifest));
        Assert.Equal(2, manifest.Texts!.Replaced);
        path = _folder.Write("lines", [.. "{\"text\":\"x"u8, 0xff, .. "\"}\n"u8]);
        manifest = await _reader.OpenAsync(new SourceSpecification { Format = SourceFormat.Jsonl, Path = path }, false, None);
        Assert.Equal(["x\ufffd"], await TextsAsync(manifest));
        Assert.Equal(1, manifest.Texts!.Replaced);
    }

    [Fact]
    public async Task A_split_parts_the_rows_by_their_numbers_and_removed_rows_are_in_neither_part()
    {
        var source = new SourceSpecification { Format = SourceFormat.Text, Path = _folder.Write("text", string.Concat(Enumerable.Range(0, 1003).Select(i => $"{i}\n"))) };
        foreach (var removed in new[] { Array.Empty<RemovedRows>(), [new RemovedRows(5, 47), new RemovedRows(99, 99)] })
        {
            var parts = new List<string>();
            foreach (var heldOut in new[] { false, true })
            {
                var manifest = await _reader.OpenAsync(source with { Split = new RowSplit(10, 9, heldOut), Removed = [.. removed] }, false, None);
                var shards = ShardPlan.Cut([manifest], 100);
                var read = new List<string>();
                foreach (var shard in shards)
                {
                    var chunk = await _reader.ReadKeptDocumentsAsync(manifest, shard.FirstRow, (int)(shard.LastRow - shard.FirstRow + 1), None);
                    Assert.Equal(shard.Rows, chunk.Count);
                    read.AddRange(TextsOf(chunk));
                }
                Assert.Equal(KeptRows.CountOf(manifest), read.Count);
                Assert.All(read, text => Assert.Equal(heldOut, text[^1] == '9'));
                Assert.Equal(read[^1], $"{KeptRows.RowAt(manifest, 0, read.Count - 1)}");
                parts.AddRange(read);
            }
            Assert.Equal(Enumerable.Range(0, 1003).Where(i => !removed.Any(rows => rows.First <= i && i <= rows.Last)).Select(i => $"{i}").Order(), parts.Order());
        }
        var none = source with { Split = new RowSplit(2000, 1999, true) };
        Assert.Contains("leaves none of 1003 rows", (await Assert.ThrowsAsync<SourceException>(() => _reader.OpenAsync(none, false, None))).Message);
    }

    [Fact]
    public async Task The_fold_of_a_document_is_that_of_its_bytes_and_label()
    {
        var rows = Enumerable.Range(0, 200).Select(i => ($"text {i}", $"l{i % 3}", 1f)).ToList();
        var manifest = await _reader.OpenAsync(Write(rows).First(), true, None);
        var heldOut = RowFold.AreHeldOut(manifest, await _reader.ReadDocumentsAsync(manifest, 0, 200, None));
        Assert.Equal(rows.Select(row => RowFold.Of(Encoding.UTF8.GetBytes(row.Item1), Encoding.UTF8.GetBytes(row.Item2)) == RowFold.HeldOut), heldOut);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Sparse_rows_come_back_ascending_without_zeros_and_with_equal_indices_added_up(bool compressed)
    {
        const string Text = "# a comment\n+1 1:0.5 7:2 # more\r\n\n-1 3:1e3 2:0\n1\n-1 9:1 4:2 9:0.25 4:1";
        var content = Encoding.UTF8.GetBytes(Text);
        var source = new SourceSpecification { Format = SourceFormat.Libsvm, Path = _folder.Write("rows", compressed ? Zstd.Of(content) : content) };
        var manifest = await _reader.OpenAsync(source, true, None);
        Assert.Equal((4, 10, 5, 1, 1), (manifest.Rows, manifest.Sparse!.Inputs, (int)manifest.Sparse.Entries, (int)manifest.Sparse.Empty, (int)manifest.Sparse.Merged));
        Assert.Equal(["-1", "1"], manifest.Labels);
        var rows = await _reader.ReadSparseAsync(manifest, 1, 3, None);
        Assert.Equal([0, 1, 1, 3], rows.Starts);
        Assert.Equal([3, 4, 9], rows.Indices);
        Assert.Equal([1000, 3, 1.25f], rows.Values);
        Assert.Equal([0, 1, 0], rows.Labels);
        var kept = await _reader.OpenAsync(source with { Removed = [new RemovedRows(1, 2)] }, true, None);
        rows = await _reader.ReadKeptSparseAsync(kept, 0, 4, None);
        Assert.Equal([1, 7, 4, 9], rows.Indices);
    }

    [Fact]
    public async Task A_file_that_changes_after_it_was_opened_is_refused_when_it_is_read()
    {
        var path = _folder.Write("text", "one\ntwo\n");
        var manifest = await _reader.OpenAsync(new SourceSpecification { Format = SourceFormat.Text, Path = path }, false, None);
        File.AppendAllText(path, "three\n");
        var error = await Assert.ThrowsAsync<SourceException>(() => _reader.ReadDocumentsAsync(manifest, 0, 2, None));
        Assert.Contains("/text has changed since it was first read", error.Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Any_damage_to_what_was_stored_is_noticed(bool compressed)
    {
        var content = Encoding.UTF8.GetBytes("{\"text\":\"one\",\"label\":\"a\"}\n{\"text\":\"two\",\"label\":\"b\"}\n");
        var source = new SourceSpecification { Format = SourceFormat.Jsonl, Path = _folder.Write("rows", compressed ? Gzip.Of(content) : content) };
        var manifest = await _reader.OpenAsync(source, true, None);
        var stored = _folder[$"store/{manifest.DecodedName ?? manifest.IndexName}"];
        await Damage.ForEachByteAsync(stored, () => Assert.ThrowsAsync<ArtifactDamagedException>(() => new SourceReader(_store).ReadDocumentsAsync(manifest, 0, 2, None)));
        await Damage.ForEachLengthAsync(stored, () => Assert.ThrowsAsync<ArtifactDamagedException>(() => new SourceReader(_store).ReadDocumentsAsync(manifest, 0, 2, None)));
        Assert.Equal(["one", "two"], TextsOf(await new SourceReader(_store).ReadDocumentsAsync(manifest, 0, 2, None)));
    }

    [Fact]
    public async Task The_id_follows_content_and_options()
    {
        var path = _folder.Write("text", "a\tb\tc\nd\te\t1\n");
        var tsv = new SourceSpecification { Format = SourceFormat.Tsv, Path = path, TextColumn = "a", LabelColumn = "b" };
        var ids = new HashSet<string>();
        foreach (var source in new[]
        {
            tsv, tsv with { WeightColumn = "c" }, tsv with { TextColumn = "b", LabelColumn = "a" }, tsv with { Header = false, TextColumn = "0", LabelColumn = "1" },
            new SourceSpecification { Format = SourceFormat.Text, Path = path }, new SourceSpecification { Format = SourceFormat.Text, Path = path, Document = DocumentCut.File },
        })
        {
            Assert.True(ids.Add((await _reader.OpenAsync(source, false, None)).Id));
        }
        Assert.False(ids.Add((await _reader.OpenAsync(tsv with { TextColumn = "0" }, false, None)).Id));
    }

    private static bool IsPlain(string text) => !text.Any(char.IsSurrogate) && !text.EndsWith('\r');

    private static IEnumerable<string> TextsOf(DocumentChunk chunk) => Enumerable.Range(0, chunk.Count).Select(row => Encoding.UTF8.GetString(chunk[row]));

    private async Task<IEnumerable<string>> TextsAsync(SourceManifest manifest) => TextsOf(await _reader.ReadDocumentsAsync(manifest, 0, (int)manifest.Rows, None));

    /// <summary>The rows as a source of each format that has labels.</summary>
    private IEnumerable<SourceSpecification> Write(List<(string Text, string Label, float Weight)> rows)
    {
        var lines = rows.Select(row => JsonSerializer.Serialize(new { id = new[] { 1 }, text = row.Text, label = row.Label, weight = row.Weight }));
        yield return new SourceSpecification { Format = SourceFormat.Jsonl, Path = _folder.Write("rows.jsonl", string.Join('\n', lines)) };
        foreach (var (format, delimiter) in new[] { (SourceFormat.Csv, ','), (SourceFormat.Tsv, '\t') })
        {
            var records = rows.Select(row => string.Join(delimiter, Quoted(row.Label), $"{row.Weight:R}", Quoted(row.Text), "\"\""));
            yield return new SourceSpecification
            {
                Format = format,
                Path = _folder.Write($"rows.{format}", string.Join(delimiter, "label", "weight", "\"the text\"", "more") + "\r\n" + string.Join("\r\n", records)),
                TextColumn = "the text",
                LabelColumn = "label",
                WeightColumn = "1",
            };
        }

        yield return new SourceSpecification
        {
            Format = SourceFormat.Parquet,
            Path = _folder.Write("rows.parquet", ParquetFile.OfAsync(rows, 1000).Result),
            TextColumn = "the text",
        };

        static string Quoted(string text) => $"\"{text.Replace("\"", "\"\"")}\"";
    }
}
