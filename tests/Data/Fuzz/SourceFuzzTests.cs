using System.Diagnostics;
using System.Globalization;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Data.Sources;
using ExplicitCluster.Testing;

namespace ExplicitCluster.Data.Tests.Fuzz;

/// <summary>
/// A short run over damaged files. A long one, of files that no other run had:
/// <c>EXPLICIT_FUZZ_MINUTES=10 dotnet test --project tests/Data --filter-class '*.SourceFuzzTests' --output Detailed</c>.
/// </summary>
public sealed class SourceFuzzTests : IDisposable
{
    private const int ShortRun = 1000;

    /// <summary>Files that were neither read nor refused once: metadata over which the library for Parquet would work for ever.</summary>
    private static readonly int[] Found = [952544411, 3965417, 92194972, 774106756];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_store_may_ask_for_the_content_of_a_source_twice()
    {
        var (once, twice) = (new SourceReader(new MemoryStore()), new SourceReader(new MemoryStore { Calls = 2 }));
        foreach (var (source, content) in FuzzSeeds.All)
        {
            var path = _folder.Write($"{Guid.NewGuid():N}", content);
            var given = source.Format == SourceFormat.Idx ? source with { Images = path } : source with { Path = path };
            var (left, right) = (await once.OpenAsync(given, false, CancellationToken.None), await twice.OpenAsync(given, false, CancellationToken.None));
            Assert.Equal((left.Id, left.Rows, left.Texts, left.Sparse), (right.Id, right.Rows, right.Texts, right.Sparse));
            Assert.Equal(left.Labels, right.Labels);
            if (left.IsText) Assert.Equal(left.Rows, (await twice.ReadDocumentsAsync(right, 0, (int)right.Rows, CancellationToken.None)).Count);
        }
    }

    [Fact]
    public async Task Damaged_files_are_read_or_refused_in_one_line()
    {
        var fuzz = new SourceFuzz(_folder.Path);
        var minutes = double.TryParse(Environment.GetEnvironmentVariable("EXPLICIT_FUZZ_MINUTES"), CultureInfo.InvariantCulture, out var given) ? given : 0;
        if (minutes == 0)
        {
            foreach (var number in Enumerable.Range(0, ShortRun).Concat(Found)) await fuzz.TryAsync(number);
        }
        else
        {
            var (started, first) = (Stopwatch.GetTimestamp(), Random.Shared.Next(1 << 30));
            while (Stopwatch.GetElapsedTime(started).TotalMinutes < minutes) await fuzz.TryAsync(first + (int)fuzz.Counts.All);
            TestContext.Current.TestOutputHelper!.WriteLine($"{fuzz.Counts.All} damaged files from {first} on, {fuzz.Counts.Refused} refused, at most {Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MiB");
        }
        // Most damage is told; some leaves a file that is as good as another.
        Assert.InRange(fuzz.Counts.Refused, fuzz.Counts.All / 4, fuzz.Counts.All * 19 / 20);
    }
}
