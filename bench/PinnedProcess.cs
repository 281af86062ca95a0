using System.Diagnostics;
using System.Threading.Channels;
using ExplicitCluster.Testing;

namespace ExplicitCluster.Bench;

/// <summary>A process that has some cores, and dies with this one.</summary>
internal sealed class PinnedProcess : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(120);

    private readonly Process _process;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();

    private PinnedProcess(ProcessStartInfo start)
    {
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.ErrorDataReceived += (_, line) => Console.Error.WriteLine(line.Data);
    }

    /// <summary>Processor time, user and system, that it has taken so far, in seconds.</summary>
    public double ProcessorSeconds
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime.TotalSeconds;
        }
    }

    public static PinnedProcess Start(string cores, string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        var start = ChildProcess.Of("taskset", ["--cpu-list", cores, program, .. arguments]);
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("EXPLICIT__", StringComparison.OrdinalIgnoreCase)).ToList())
            start.Environment.Remove(name);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        var pinned = new PinnedProcess(start);
        ChildProcess.Start(pinned._process);
        return pinned;
    }

    public void Say(string line) => _process.StandardInput.WriteLine(line);

    /// <summary>The next line that begins with a word; others are passed over.</summary>
    /// <exception cref="InvalidOperationException">The process ended, or said no such thing in time.</exception>
    public async Task<string> HearAsync(string word)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        try
        {
            await foreach (var line in _lines.Reader.ReadAllAsync(deadline.Token))
            {
                if (line.StartsWith(word, StringComparison.Ordinal))
                    return line;
            }
        }
        catch (OperationCanceledException)
        {
            throw new InvalidOperationException($"{_process.StartInfo.ArgumentList[^1]} did not say '{word}' within {Deadline.TotalSeconds:0} s");
        }
        throw new InvalidOperationException($"{_process.StartInfo.ArgumentList[^1]} ended before it said '{word}'");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private void Take(string? line)
    {
        if (line is null)
            _lines.Writer.TryComplete();
        else
            _lines.Writer.TryWrite(line);
    }
}
