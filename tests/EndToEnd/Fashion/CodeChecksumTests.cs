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

    private static BlockMap MapOf(string name) => name switch
    {
        "bins16" => new BinsMap([.. Enumerable.Range(1, 15).Select(level => 16.0 * level)]),
        "2x2q4" => new PatchMap(2, 2, [16, 80, 160], stride: 1),
        _ => new PatchMap(3, 3, [32, 128], stride: 2),
    };

    /// <summary>The sum of all codes, and the sum over blocks p of (p + 1) times the code of row 0.</summary>
    private async Task<(long All, long FirstRow)> SumsOfAsync(BlockMap map, string images)
    {
        var source = await _reader.OpenAsync(
            new SourceSpecification { Format = SourceFormat.Idx, Images = images }, labelsRequired: false, TestContext.Current.CancellationToken);
        var encoder = new RowEncoder([map], source.Shape);
        var (all, firstRow) = (0L, 0L);
        for (var first = 0L; first < source.Rows; first += RowsAtOnce)
        {
            var count = (int)Math.Min(RowsAtOnce, source.Rows - first);
            var codes = encoder.EncodeBlocks((await _reader.ReadAsync(source, first, count, TestContext.Current.CancellationToken)).Rows);
            for (var block = 0; block < encoder.Layout.Blocks; block++)
            {
                foreach (var code in codes.Block(block))
                    all += code;
                if (first == 0)
                    firstRow += (block + 1L) * codes.Block(block)[0];
            }
        }
        return (all, firstRow);
    }
}
