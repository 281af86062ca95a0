using System.Security.Cryptography;
using System.Text;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Data.Sources;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Testing;

namespace ExplicitCluster.Data.Tests.Sources;

public sealed class SourceReaderTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly byte[] Pixels = [.. Enumerable.Range(0, 5 * 2 * 3).Select(i => (byte)(i * 8))];
    private static readonly byte[] Labels = [9, 10, 2, 9, 0];

    private readonly TemporaryFolder _folder = new();
    private readonly FolderArtifactStore _store;
    private readonly SourceReader _reader;

    public SourceReaderTests()
    {
        _store = new FolderArtifactStore(_folder["store"]);
        _reader = new SourceReader(_store);
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task Images_and_labels_come_back_from_plain_and_gzip_files(bool gzipImages, bool gzipLabels)
    {
        var manifest = await _reader.OpenAsync(WriteIdx(gzipImages, gzipLabels), true, None);

        Assert.Equal(new RowShape(6, 3, 2, true), manifest.Shape);
        Assert.Equal(5, manifest.Rows);
        Assert.Equal(["0", "10", "2", "9"], manifest.Labels);
        Assert.Equal(gzipImages || gzipLabels ? $"datasets/{manifest.Id}/rows" : null, manifest.DecodedName);
        for (var first = 0; first <= 5; first++)
        {
            for (var count = 0; count <= 5 - first; count++)
            {
                var rows = await _reader.ReadAsync(manifest, first, count, None);
                Assert.Equal(Pixels.AsSpan(first * 6, count * 6), rows.Rows.Bytes);
                Assert.Equal(Labels.Skip(first).Take(count).Select(label => $"{label}"), rows.Labels.Select(index => manifest.Labels[index]));
            }
        }
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => _reader.ReadAsync(manifest, 3, 3, None));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => _reader.ReadAsync(manifest, -1, 1, None));
    }

    [Fact]
    public async Task Images_without_labels_are_read_where_labels_are_not_required()
    {
        var manifest = await _reader.OpenAsync(WriteIdx(true, false) with { Labels = null }, false, None);
        Assert.False(manifest.HasLabels);
        Assert.Empty(manifest.Labels);
        var rows = await _reader.ReadAsync(manifest, 1, 2, None);
        Assert.Empty(rows.Labels);
        Assert.Equal(Pixels.AsSpan(6, 12), rows.Rows.Bytes);
    }

    [Fact]
    public async Task The_id_follows_content_and_options_and_not_paths()
    {
        var first = await _reader.OpenAsync(WriteIdx(true, true), true, None);
        Directory.CreateDirectory(_folder["copy"]);
        var copied = new SourceSpecification { Format = SourceFormat.Idx, Images = _folder["copy/i"], Labels = _folder["copy/l"] };
        File.Copy(first.Files[0].Path, copied.Images);
        File.Copy(first.Files[1].Path, copied.Labels);
        Assert.Equal(first.Id, (await _reader.OpenAsync(copied, true, None)).Id);
        Assert.NotEqual(first.Id, (await _reader.OpenAsync(copied with { Labels = null }, false, None)).Id);

        var table = Csv("a,b,c\n1,2,3\n4,5,6\n", "c");
        var byName = await _reader.OpenAsync(table, true, None);
        Assert.Equal(byName.Id, (await _reader.OpenAsync(table with { LabelColumn = "2" }, true, None)).Id);
        Assert.NotEqual(byName.Id, (await _reader.OpenAsync(table with { LabelColumn = "a" }, true, None)).Id);
        Assert.NotEqual(byName.Id, (await _reader.OpenAsync(table with { LabelColumn = null }, false, None)).Id);
    }

    [Fact]
    public async Task An_unchanged_source_is_not_read_again_and_a_changed_one_is()
    {
        var source = WriteIdx(true, true);
        Age(source.Images!);
        Age(source.Labels!);
        var first = await _reader.OpenAsync(source, true, None);
        var stored = (await _store.StatAsync(first.DecodedName!, None))!.ETag;
        var again = await new SourceReader(_store).OpenAsync(source, true, None);
        Assert.Equal(first.Id, again.Id);
        Assert.Equal(stored, (await _store.StatAsync(first.DecodedName!, None))!.ETag);

        File.WriteAllBytes(source.Labels!, Gzip.Of(IdxFile.Labels(1, 1, 1, 1, 1)));
        var changed = await _reader.OpenAsync(source, true, None);
        Assert.NotEqual(first.Id, changed.Id);
        Assert.Equal(["1"], changed.Labels);
    }

    [Fact]
    public async Task Decoded_rows_that_were_deleted_are_decoded_again()
    {
        var source = WriteIdx(true, true);
        Age(source.Images!);
        Age(source.Labels!);
        var first = await _reader.OpenAsync(source, true, None);
        await _store.DeleteAsync(first.DecodedName!, None);
        var again = await _reader.OpenAsync(source, true, None);
        Assert.Equal(Pixels, (await _reader.ReadAsync(again, 0, 5, None)).Rows.Data.ToArray());
    }

    [Fact]
    public async Task A_link_is_read_as_the_file_it_points_to()
    {
        foreach (var gzip in new[] { false, true })
        {
            var source = WriteIdx(gzip, gzip);
            File.CreateSymbolicLink(_folder[$"link-{gzip}"], source.Images!);
            var manifest = await _reader.OpenAsync(source with { Images = _folder[$"link-{gzip}"] }, true, None);
            Assert.Equal(Pixels, (await _reader.ReadAsync(manifest, 0, 5, None)).Rows.Data.ToArray());
        }
    }

    [Fact]
    public async Task A_plain_file_that_changes_during_the_job_is_an_error()
    {
        var source = WriteIdx(false, false);
        var manifest = await _reader.OpenAsync(source, true, None);
        File.SetLastWriteTimeUtc(source.Images!, DateTime.UtcNow.AddSeconds(5));
        var changed = await Assert.ThrowsAsync<SourceException>(() => _reader.ReadAsync(manifest, 0, 1, None));
        Assert.Contains($"{source.Images} has changed since it was first read", changed.Message);
        File.Delete(source.Images!);
        await Assert.ThrowsAsync<SourceException>(() => _reader.ReadAsync(manifest, 0, 1, None));
    }

    [Fact]
    public async Task Any_flipped_byte_of_decoded_rows_is_noticed()
    {
        var manifest = await _reader.OpenAsync(WriteIdx(true, true), true, None);
        async Task Check() => await Assert.ThrowsAsync<ArtifactDamagedException>(() => new SourceReader(_store).ReadAsync(manifest, 0, 5, None));
        var path = _folder["store/" + manifest.DecodedName];
        await Damage.ForEachByteAsync(path, Check);
        await Damage.ForEachLengthAsync(path, Check);
        Assert.Equal(Pixels, (await new SourceReader(_store).ReadAsync(manifest, 0, 5, None)).Rows.Data.ToArray());
    }

    [Fact]
    public async Task A_value_is_described_by_file_and_position()
    {
        var images = await _reader.OpenAsync(WriteIdx(true, false), true, None);
        Assert.Equal($"{images.Files[0].Path} image 4 pixel (1, 2)", SourceReader.Describe(images, 4, 5));
        var named = await _reader.OpenAsync(Csv("k,w,h\na,1,2\n", "k"), true, None);
        Assert.Equal($"{named.Files[0].Path} line 2 column 'h'", SourceReader.Describe(named, 0, 1));
        var plain = await _reader.OpenAsync(Csv("1,a,2\n1,b,2\n", "1") with { Header = false }, true, None);
        Assert.Equal($"{plain.Files[0].Path} line 2 column 2", SourceReader.Describe(plain, 1, 1));
    }

    [Fact]
    public async Task A_cancelled_decode_leaves_nothing_behind()
    {
        using var cancellation = new CancellationTokenSource();
        var source = WriteIdx(true, true);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _reader.OpenAsync(source, true, cancellation.Token));
        Assert.False(Directory.Exists(_store.Root) && Directory.EnumerateFiles(_store.Root, "*", SearchOption.AllDirectories).Any());
    }

    [Fact]
    public async Task Fashion_mnist_decodes_to_the_pinned_pixels_and_labels()
    {
        var train = new SourceSpecification { Format = SourceFormat.Idx, Images = FashionMnist.TrainImages, Labels = FashionMnist.TrainLabels };
        var start = TimeProvider.System.GetTimestamp();
        var manifest = await _reader.OpenAsync(train, true, None);
        TestContext.Current.SendDiagnosticMessage("Fashion-MNIST opened in {0:f0} ms", TimeProvider.System.GetElapsedTime(start).TotalMilliseconds);
        start = TimeProvider.System.GetTimestamp();
        var rows = await _reader.ReadAsync(manifest, 0, 60_000, None);
        TestContext.Current.SendDiagnosticMessage("read in {0:f0} ms", TimeProvider.System.GetElapsedTime(start).TotalMilliseconds);

        Assert.Equal(RowShape.Image(28, 28), manifest.Shape);
        Assert.Equal(["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"], manifest.Labels);
        // Both from python: hashlib.sha256(gzip.open(...).read()[16:]) and [8:].
        Assert.Equal("2e487a6c89124f78f2d7521542223cafe96f7123c3ca13d447772ac6ecbb3012", Hash(rows.Rows.Bytes));
        Assert.Equal("657fbd221bfc9f4198cc14b5619cc33ec57c58dd0e47af4d99d6650759e869a7", Hash([.. rows.Labels.Select(label => (byte)label)]));

        var test = new SourceSpecification { Format = SourceFormat.Idx, Images = FashionMnist.TestImages, Labels = FashionMnist.TestLabels };
        var testManifest = await _reader.OpenAsync(test, true, None);
        var testRows = await _reader.ReadAsync(testManifest, 0, 10_000, None);
        Assert.Equal("c867c93ff95360594e8ec3287995350b824dd110b11595c0e13d5423f621867a", Hash(testRows.Rows.Bytes));
        Assert.Equal("3d0e6c6ea990b53b6f8f500a41cac93881d981b315f84578b7d915342ade01e9", Hash([.. testRows.Labels.Select(label => (byte)label)]));
    }

    [Fact]
    public async Task A_shard_plan_depends_on_data_and_shard_rows_only_and_never_crosses_sources()
    {
        var first = await _reader.OpenAsync(WriteIdx(true, true), true, None);
        var second = await _reader.OpenAsync(Csv("a,b\n1,x\n2,y\n3,x\n", "b"), true, None);
        var plan = ShardPlan.Cut([first, second], 2);
        Assert.Equal([(0, 0L, 2), (0, 2L, 2), (0, 4L, 1), (1, 0L, 2), (1, 2L, 1)], plan.Select(shard => (shard.Source, shard.FirstRow, shard.Rows)));
        Assert.Equal([0, 1, 2, 3, 4], plan.Select(shard => shard.Index));
        Assert.Equal(5, plan.Select(shard => shard.Hash).Distinct().Count());
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes($"{first.Id}:2:2"))), plan[1].Hash);
        // Taking the first source away re-cuts nothing of the second.
        Assert.Equal(plan.Skip(3).Select(shard => shard.Hash), ShardPlan.Cut([second], 2).Select(shard => shard.Hash));
        Assert.Equal(2, ShardPlan.Cut([first, second], int.MaxValue).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => ShardPlan.Cut([first], 0));
    }

    [Fact]
    public async Task Removed_rows_do_not_move_the_cuts_and_are_not_read()
    {
        var source = WriteIdx(true, false);
        var whole = ShardPlan.Cut([await _reader.OpenAsync(source, true, None)], 2);
        var manifest = await _reader.OpenAsync(source with { Removed = [new(0, 1), new(3, 3)] }, true, None);
        var left = ShardPlan.Cut([manifest, manifest], 2);
        Assert.Equal([(1, 0, 2L, 2L, 1), (2, 0, 4L, 4L, 1), (4, 1, 2L, 2L, 1), (5, 1, 4L, 4L, 1)], left.Select(shard => (shard.Index, shard.Source, shard.FirstRow, shard.LastRow, shard.Rows)));
        Assert.Equal(whole[2].Hash, left[1].Hash);
        Assert.NotEqual(whole[1].Hash, left[0].Hash);
        var middle = Assert.Single(ShardPlan.Cut([manifest], 5));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes($"{manifest.Id}:2:1,4:1"))), middle.Hash);

        var rows = await _reader.ReadKeptAsync(manifest, 0, 5, None);
        Assert.Equal([.. Pixels[12..18], .. Pixels[24..30]], rows.Rows.Bytes);
        Assert.Equal(["2", "0"], rows.Labels.Select(index => manifest.Labels[index]));
        Assert.Equal(0, (await _reader.ReadKeptAsync(manifest, 0, 2, None)).Rows.Count);
        Assert.Equal([2L, 4L], Enumerable.Range(0, 2).Select(index => KeptRows.RowAt(manifest, 0, index)));
        Assert.Equal(2, (await _reader.OutlineAsync(manifest.Specification, None))!.Rows);
    }

    [Theory]
    [InlineData(4, 5, "rows 4 to 5 are removed, and the source has rows 0 to 4.")]
    [InlineData(0, 4, "all 5 rows are removed.")]
    public async Task Rows_that_the_source_does_not_have_or_all_of_them_are_not_removed(int first, int last, string expected)
    {
        var source = WriteIdx(false, false) with { Removed = [new(first, last)] };
        var error = await Assert.ThrowsAsync<SourceException>(() => _reader.OpenAsync(source, true, None));
        Assert.EndsWith(expected, error.Message);
    }

    private static string Hash(ReadOnlySpan<byte> data) => Convert.ToHexStringLower(SHA256.HashData(data));

    /// <summary>A file just written is read again next time, as its time may not show another change.</summary>
    private static void Age(string path) => File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddMinutes(-1));

    private SourceSpecification WriteIdx(bool gzipImages, bool gzipLabels)
    {
        var images = IdxFile.Images(5, 2, 3, Pixels);
        var labels = IdxFile.Labels(Labels);
        return new SourceSpecification
        {
            Format = SourceFormat.Idx,
            Images = _folder.Write("images", gzipImages ? Gzip.Of(images) : images),
            Labels = _folder.Write("labels", gzipLabels ? Gzip.Of(labels) : labels),
        };
    }

    private SourceSpecification Csv(string text, string label) => new()
    {
        Format = SourceFormat.Csv,
        Path = _folder.Write($"{Guid.NewGuid():N}.csv", text),
        LabelColumn = label,
    };
}
