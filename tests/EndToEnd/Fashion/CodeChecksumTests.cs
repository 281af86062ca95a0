using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Data.Sources;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Testing;

namespace ExplicitCluster.EndToEnd.Tests.Fashion;

/// <summary>Codes of the real images against sums that an independent implementation gives; exact.</summary>
public sealed class CodeChecksumTests : IDisposable
{
    private const int RowsAtOnce = 4096;

    private readonly TemporaryFolder _store = new();
    private readonly SourceReader _reader;

    public CodeChecksumTests() => _reader = new SourceReader(new FolderArtifactStore(_store.Path));

    public static TheoryData<string, long, long, long> Expected => new()
    {
        { "bins16", 203620671, 34029576, 2155419 },
        { "2x2q4", 4349045284, 727204320, 42134144 },
        { "3x3q3s2", 82221030331, 13757533175, 200670444 },
    };

    public void Dispose() => _store.Dispose();

    [Theory]
    [MemberData(nameof(Expected))]
    public async Task Codes_sum_to_the_integers_of_the_reference(string map, long train, long test, long firstRow)
    {
        Assert.Equal((train, firstRow), await SumsOfAsync(MapOf(map), FashionMnist.TrainImages));
        Assert.Equal(test, (await SumsOfAsync(MapOf(map), FashionMnist.TestImages)).All);
    }

    [Fact]
    public async Task Patches_and_orientations_have_the_blocks_codes_and_sums_of_the_reference_once_rare_codes_are_one()
    {
        BlockMap[] maps =
        [
            new PatchMap(2, 2, [16, 80, 160], stride: 1),
            new OrientationMap(new OrientationSettings(Cell: 4, Stride: 2, Bins: 8, Weak: 4, Strong: 16, [(1, 2), (2, 1)], Distance: 2)),
            new OrientationMap(new OrientationSettings(Cell: 5, Stride: 2, Bins: 4, Weak: 4, Strong: 16, [(2, 2)], Distance: 3)),
            new OrientationMap(new OrientationSettings(Cell: 3, Stride: 1, Bins: 8, Weak: 4, Strong: 16, [(1, 2), (2, 1)], Distance: 3)),
        ];
        var (train, firstRow) = await CountsOfAsync(maps, FashionMnist.TrainImages);
        var (test, _) = await CountsOfAsync(maps, FashionMnist.TestImages);
        var (blocks, codes, trainSum, testSum, rowSum) = (0, 0, 0L, 0L, 0L);
        for (var block = 0; block < train.Length; block++)
        {
            // Codes of at least two training rows become 1, 2, .. in ascending order, every other one 0.
            var numbers = new int[train[block].Length];
            var kept = 0;
            for (var code = 0; code < numbers.Length; code++)
                numbers[code] = train[block][code] >= 2 ? ++kept : 0;
            if (kept < 2)
                continue;
            blocks++;
            codes += kept + 1;
            rowSum += (long)blocks * numbers[firstRow[block]];
            for (var code = 0; code < numbers.Length; code++)
            {
                trainSum += (long)train[block][code] * numbers[code];
                testSum += (long)test[block][code] * numbers[code];
            }
        }
        Assert.Equal((2292, 646267), (blocks, codes));
        Assert.Equal((14797498695, 2458485082, 327194987), (trainSum, testSum, rowSum));
    }

    private static BlockMap MapOf(string name) => name switch
    {
        "bins16" => new BinsMap([.. Enumerable.Range(1, 15).Select(level => 16.0 * level)]),
        "2x2q4" => new PatchMap(2, 2, [16, 80, 160], stride: 1),
        _ => new PatchMap(3, 3, [32, 128], stride: 2),
    };

    /// <summary>The sum of all codes, and the sum over blocks p of (p + 1) times the code of row 0.</summary>
    private async Task<(long All, long FirstRow)> SumsOfAsync(BlockMap map, string images)
    {
        var (all, firstRow) = (0L, 0L);
        await foreach (var (first, codes) in CodesOfAsync([map], images))
        {
            for (var block = 0; block < codes.Layout.Blocks; block++)
            {
                foreach (var code in codes.Block(block))
                    all += code;
                if (first == 0)
                    firstRow += (block + 1L) * codes.Block(block)[0];
            }
        }
        return (all, firstRow);
    }

    /// <summary>How many rows have each code of each block, and the codes of row 0.</summary>
    private async Task<(int[][] Counts, int[] FirstRow)> CountsOfAsync(BlockMap[] maps, string images)
    {
        var (counts, firstRow) = (Array.Empty<int[]>(), Array.Empty<int>());
        await foreach (var (first, codes) in CodesOfAsync(maps, images))
        {
            if (first == 0)
            {
                counts = [.. Enumerable.Range(0, codes.Layout.Blocks).Select(block => new int[codes.Layout.BlockSize(block)])];
                firstRow = [.. Enumerable.Range(0, codes.Layout.Blocks).Select(block => (int)codes.Block(block)[0])];
            }
            for (var block = 0; block < counts.Length; block++)
            {
                foreach (var code in codes.Block(block))
                    counts[block][code]++;
            }
        }
        return (counts, firstRow);
    }

    private async IAsyncEnumerable<(long First, BlockRows Codes)> CodesOfAsync(BlockMap[] maps, string images)
    {
        var source = await _reader.OpenAsync(
            new SourceSpecification { Format = SourceFormat.Idx, Images = images }, labelsRequired: false, TestContext.Current.CancellationToken);
        var encoder = new RowEncoder(maps, source.Shape);
        for (var first = 0L; first < source.Rows; first += RowsAtOnce)
        {
            var count = (int)Math.Min(RowsAtOnce, source.Rows - first);
            yield return (first, encoder.EncodeBlocks((await _reader.ReadAsync(source, first, count, TestContext.Current.CancellationToken)).Rows));
        }
    }
}
