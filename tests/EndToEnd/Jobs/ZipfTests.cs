using System.Globalization;
using ExplicitCluster.Testing;

namespace ExplicitCluster.EndToEnd.Tests.Jobs;

/// <summary>
/// A text that is as large as the memory in which it is counted: a fortieth of 2 GB in a fortieth of 2 GiB a silo, by the command of the bench that counts the whole. The bound is that of
/// the runtime's heap, beyond which nothing is allocated, so that no moment of measuring decides.
/// </summary>
public sealed class ZipfTests
{
    private const long Share = 40;
    private const long Bytes = 2_000_000_000 / Share;
    private const long RunBytes = (64L << 20) / Share;

    /// <summary>A fortieth of 2 GiB, and half of it more: on a machine that is short of processors the fortieth alone was not always enough.</summary>
    private const long MemoryBytes = (2L << 30) / Share * 3 / 2;

    [Fact]
    public async Task Fifty_megabytes_give_the_same_counts_in_bounded_memory_in_one_silo_and_in_three_of_which_one_goes_away()
    {
        string[] arguments = ["zipf", "--bytes", Text(Bytes), "--memory", Text(MemoryBytes), "--run-bytes", Text(RunBytes), "--silos", "3", "--kill"];
        using var process = RunningProcess.Start(Path.Combine(Repository.OutputOf("bench"), "ExplicitCluster.Bench"), arguments, new Launch { Deadline = TimeSpan.FromMinutes(4) }.With("DOTNET_gcConcurrent", "0"));
        var output = (await process.EndAsync()).Successful().Output;
        Assert.Equal(2, output.Split("10,000,000 in 8 shards").Length - 1);
        Assert.Contains("silo 3 after", output, StringComparison.Ordinal);
        Assert.Matches(@"the same hashes +yes\n", output);
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
