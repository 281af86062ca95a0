using System.Globalization;

namespace ExplicitCluster.Bench;

/// <summary>The bare library in a process of its own on one core, kept between runs as silos are. It runs the job once for every line that it is told.</summary>
internal sealed class BareProcess : IAsyncDisposable
{
    private const string Word = "bare";

    private readonly PinnedProcess _process;

    private BareProcess(PinnedProcess process) => _process = process;

    public static BareProcess Start(int core, string images, string store, ClusterBenchOptions options) => new(PinnedProcess.Start(
        core.ToString(CultureInfo.InvariantCulture),
        Environment.ProcessPath!,
        ["bare", images, store, .. options.Arguments],
        new Dictionary<string, string>()));

    /// <summary>The other side: one run for every line of standard input, which says how many of the sources.</summary>
    public static async Task<int> ServeAsync(string images, string store, string[] arguments)
    {
        var options = ClusterBenchOptions.Parse(arguments)!;
        var all = RotatedImages.In(images, options.Sources);
        while (await Console.In.ReadLineAsync() is { } line)
        {
            var before = Environment.CpuUsage.TotalTime;
            var (seconds, statistics) = await ClusterJob.BareAsync(ClusterJob.Of(all[..int.Parse(line, CultureInfo.InvariantCulture)], options), store);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Word} {seconds:R} {(Environment.CpuUsage.TotalTime - before).TotalSeconds:R} {statistics}"));
        }
        return 0;
    }

    public async Task<ClusterRun> RunAsync(int sources)
    {
        _process.Say(sources.ToString(CultureInfo.InvariantCulture));
        var words = (await _process.HearAsync(Word)).Split(' ');
        return new ClusterRun(double.Parse(words[1], CultureInfo.InvariantCulture), double.Parse(words[2], CultureInfo.InvariantCulture), words[3], null, null);
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
