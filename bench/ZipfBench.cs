using System.Diagnostics;
using System.Globalization;
using System.Net;
using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Grains.Hosting;
using ExplicitCluster.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ExplicitCluster.Bench;

/// <summary>
/// Counts and merges lags [1] and [1, 2] of a made-up Zipf text with 50,000 tokens, in one silo and, where so many are asked for, in several of this process, over a
/// folder store: seconds, peak memory of the process, disk, and the hashes, which must be the same. With --kill the last silo goes away in the midst of
/// counting. With --memory BYTES the runtime gives the process so much heap a silo above what idle silos have, and fails beyond. Corpus and stores are deleted afterwards.
/// </summary>
internal static class ZipfBench
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    public static async Task<int> RunAsync(string[] args)
    {
        var (bytes, silos, runBytes, memory) = (2_000_000_000L, 1, 64L << 20, 0L);
        var kills = args.Contains("--kill");
        args = [.. args.Where(argument => argument != "--kill")];
        for (var i = 0; i + 1 < args.Length; i += 2)
        {
            var value = long.Parse(args[i + 1], CultureInfo.InvariantCulture);
            switch (args[i])
            {
                case "--bytes": bytes = value; break;
                case "--silos": silos = (int)value; break;
                case "--run-bytes": runBytes = value; break;
                case "--memory": memory = value; break;
                default: return 2;
            }
        }
        var folder = Directory.CreateTempSubdirectory("explicit-zipf-").FullName;
        try
        {
            var corpus = Path.Combine(folder, "corpus.txt");
            var clock = Stopwatch.StartNew();
            ZipfCorpus.Write(corpus, bytes);
            Print("corpus", $"{new FileInfo(corpus).Length:N0} bytes, {clock.Elapsed.TotalSeconds:0.0} s");
            var expected = await RunAsync(corpus, Path.Combine(folder, "store"), 1, runBytes, memory, kills: false);
            if (silos == 1)
                return 0;
            var seen = await RunAsync(corpus, Path.Combine(folder, "store"), silos, runBytes, memory, kills);
            Print("the same hashes", expected == seen ? "yes" : "NO");
            return expected == seen ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<string> RunAsync(string corpus, string store, int silos, long runBytes, long memory, bool kills)
    {
        Console.WriteLine();
        var hosts = new List<IHost>();
        var first = new IPEndPoint(IPAddress.Loopback, FreePort.Next());
        for (var i = 0; i < silos; i++)
            hosts.Add(await StartAsync(i == 0 ? first : new IPEndPoint(IPAddress.Loopback, FreePort.Next()), i == 0 ? null : first, store, runBytes));
        if (memory > 0)
            Print("heap of idle silos", $"{LimitHeap(silos * memory) / (double)(1 << 20):0.0} MiB, and {memory / (double)(1 << 20):0.0} MiB more a silo");
        var job = hosts[0].Services.GetRequiredService<IGrainFactory>().GetGrain<ITrainingJobGrain>("zipf");
        await job.StartAsync(new JobSpecification
        {
            Name = "zipf",
            Features = [],
            Data = new DataSpecification { Train = [new SourceSpecification { Format = SourceFormat.Text, Path = corpus }], ShardRows = (int)Math.Clamp(new FileInfo(corpus).Length / (8 * ZipfCorpus.LineBytes), 1, 1 << 15) },
            Language = new LanguageSpecification
            {
                Tokens = new TokenSpecification { Vocabulary = 50_000 },
                Lags = [[1], [1, 2]],
                Prune = true,
                Weights = LanguageWeights.Ones,
            },
            Evaluate = EvaluateRows.None,
        });
        JobRecord? record = null;
        while (record is not { Status: not JobStatus.Running })
        {
            await Task.Delay(Pause);
            if (await PollAsync(job) is not { } step)
                continue;
            record = step.Record ?? record;
            if (!kills || step is not { Stage: JobStage.Accumulate, ShardsDone: > 0 })
                continue;
            kills = false;
            await hosts[^1].StopAsync(new CancellationToken(canceled: true)); // without a word to the others
            Print("gone", $"silo {hosts.Count} after {step.ShardsDone} of {step.Shards} shards");
            hosts.RemoveAt(hosts.Count - 1);
        }
        if (record?.Result is not { } result)
            throw new InvalidOperationException($"the job failed: {record?.Failure?.Cause} {record?.Failure?.Detail}");
        Print("tokens", $"{result.Language!.Tokens:N0} in {result.Shards} shards, {result.Silos} silos");
        Print("cells of the model", $"{result.Language.Cells:N0}");
        Print("seconds", $"{result.Seconds.Total:0.0}: read {result.Seconds.Read:0.0}, count {result.Seconds.Statistics:0.0}, merge {result.Seconds.Reduce:0.0}, solve {result.Seconds.Solve:0.0}");
        Print("peak memory of the process", $"{PeakBytes() / (double)(1 << 30):0.00} GiB");
        Print("store", $"{new DirectoryInfo(store).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length) / 1e9:0.00} GB");
        Print("statistics SHA-256", result.StatisticsSha256);
        Print("weights SHA-256", result.WeightsSha256);
        foreach (var host in hosts)
            await host.StopAsync();
        Directory.Delete(store, recursive: true);
        if (memory > 0)
            LimitHeap(1 << 30); // room for the next silos to start
        return $"{result.StatisticsSha256} {result.WeightsSha256}";
    }

    /// <summary>Allows the heap so many bytes more than it has now, after a collection; gives those that it has.</summary>
    private static long LimitHeap(long more)
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        var idle = GC.GetGCMemoryInfo().TotalCommittedBytes;
        AppContext.SetData("GCHeapHardLimit", (ulong)(idle + more));
        GC.RefreshMemoryLimit();
        return idle;
    }

    /// <summary>Null where the job's own silo has just gone: the next call wakes the job elsewhere.</summary>
    private static async Task<JobEvent?> PollAsync(ITrainingJobGrain job)
    {
        try
        {
            return await job.PollAsync();
        }
        catch (Exception gone) when (gone is OrleansException or TimeoutException)
        {
            return null;
        }
    }

    private static async Task<IHost> StartAsync(IPEndPoint endpoint, IPEndPoint? first, string store, long runBytes)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            [$"{ExplicitOptions.Section}:{nameof(ExplicitOptions.Store)}"] = store,
            [$"{ExplicitOptions.Section}:{nameof(ExplicitOptions.RunBytes)}"] = runBytes.ToString(CultureInfo.InvariantCulture),
        });
        builder.UseOrleans(silo => silo.UseLocalhostClustering(endpoint.Port, FreePort.Next(), first).AddExplicitCluster(builder.Configuration));
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    /// <summary>The most that this process has had in memory; where the system tells.</summary>
    private static long PeakBytes()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }

    private static void Print(string what, string figures) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-30} {figures}"));
}
