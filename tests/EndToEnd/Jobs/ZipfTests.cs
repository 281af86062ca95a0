using ExplicitCluster.Testing;

namespace ExplicitCluster.EndToEnd.Tests.Jobs;

/// <summary>
/// A text that is larger than the memory in which it is counted: a fortieth of the 2 GB of <c>bench -- zipf</c>, with runs a fortieth as long. The bound of the heap is the runtime's own,
/// beyond which nothing is allocated, so that no moment of measuring decides.
/// </summary>
public sealed class ZipfTests
{
    private const int Bytes = 50_000_000;
    private const int RunBytes = (64 << 20) / 40;
    private const int HeapBytes = 192 << 20;

    [Fact]
    public async Task Fifty_megabytes_are_counted_and_merged_in_a_bounded_heap()
    {
        using var folder = new TemporaryFolder();
        ZipfCorpus.Write(Path.Combine(folder.Path, "corpus.txt"), Bytes);
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "zipf.yaml"), """
            name: zipf
            task: language-model
            data: { train: { format: text, path: corpus.txt } }
            tokens: { kind: words, vocabulary: 50000 }
            features: { map: context, lags: [[1], [1, 2]], prune: 1 }
            solve: { weights: ones }
            evaluate: none
            """, TestContext.Current.CancellationToken);
        var launch = new Launch { Folder = folder.Path }
            .With("EXPLICIT__RUNBYTES", $"{RunBytes}").With("EXPLICIT__MAXMEMORYBYTES", $"{HeapBytes}").With("DOTNET_GCHeapHardLimit", $"{HeapBytes:X}");
        var outcome = (await ExplicitClient.RunAsync(launch, "train", "zipf.yaml", "--store", "store", "--json")).Successful();
        Assert.Contains("\"tokens\": 10000000", outcome.Output, StringComparison.Ordinal);
    }
}
