using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ExplicitCluster.Client.LocalCluster;

/// <summary>
/// A server as a child of this process, its lines in a log file. Where util-linux is there, it has a session of its own, so that a Ctrl-C at the
/// terminal reaches this process alone, and is told to stop when this process dies, however that ends.
/// </summary>
internal sealed class ServerProcess : IDisposable
{
    private const int SigTerm = 15;
    private const int LinesKept = 20;

    /// <summary>The kernel tells children of the end of the thread that started them: one thread starts all, and lasts.</summary>
    private static readonly BlockingCollection<Action> Starts = StartsOnOneThread();

    private readonly Process _process;
    private readonly StreamWriter _log;
    private readonly Queue<string> _last = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string? _readyLine;

    private ServerProcess(ProcessStartInfo start, string log, string? readyLine)
    {
        _readyLine = readyLine;
        _log = new StreamWriter(new FileStream(log, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete)) { AutoFlush = true };
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.ErrorDataReceived += (_, line) => Take(line.Data);
    }

    public int Id => _process.Id;

    /// <summary>Completes when the ready line comes.</summary>
    public Task Ready => _ready.Task;

    /// <summary>Completes with the exit code when the process ends.</summary>
    public Task<int> Ended { get; private set; } = Task.FromResult(0);

    /// <summary>The last thing it said, for a line about its end.</summary>
    public string LastLine
    {
        get
        {
            lock (_last)
                return _last.LastOrDefault(line => !string.IsNullOrWhiteSpace(line))?.Trim() ?? "it said nothing";
        }
    }

    /// <param name="command">Program and arguments.</param>
    /// <param name="environment">Variables on top of this process' own.</param>
    /// <param name="log">File that its lines are added to.</param>
    /// <param name="readyLine">Start of the line that it prints once it is ready; null where it prints none.</param>
    public static ServerProcess Start(IReadOnlyList<string> command, IEnumerable<(string Name, string Value)> environment, string log, string? readyLine)
    {
        string[] wrapped = [.. OnPath("setsid") is { } session ? [session] : Array.Empty<string>(), .. OnPath("setpriv") is { } privileges ? [privileges, "--pdeathsig", "TERM", "--"] : Array.Empty<string>(), .. command];
        var start = new ProcessStartInfo(wrapped[0], wrapped[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        var server = new ServerProcess(start, log, readyLine);
        var started = new TaskCompletionSource();
        Starts.Add(() =>
        {
            try
            {
                server._process.Start();
                started.SetResult();
            }
            catch (Exception exception)
            {
                started.SetException(exception);
            }
        });
        started.Task.GetAwaiter().GetResult();
        server._process.StandardInput.Close();
        server._process.BeginOutputReadLine();
        server._process.BeginErrorReadLine();
        server.Ended = server.EndAsync();
        return server;
    }

    /// <summary>Full path of a program on the PATH; null where there is none.</summary>
    public static string? OnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    /// <summary>Tells the process to stop; after a time it is killed.</summary>
    public async Task StopAsync(TimeSpan grace)
    {
        if (Ended.IsCompleted)
            return;
        if (OperatingSystem.IsWindows() || kill(_process.Id, SigTerm) != 0)
            Kill();
        try
        {
            await Ended.WaitAsync(grace);
        }
        catch (TimeoutException)
        {
            Kill();
            await Ended;
        }
    }

    public void Dispose()
    {
        if (!Ended.IsCompleted)
            Kill();
        _process.Dispose();
        lock (_last)
            _log.Dispose();
    }

    private void Kill()
    {
        try
        {
            _process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has ended meanwhile.
        }
    }

    private async Task<int> EndAsync()
    {
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    private void Take(string? line)
    {
        if (line is null)
            return;
        lock (_last)
        {
            _last.Enqueue(line);
            if (_last.Count > LinesKept)
                _last.Dequeue();
            if (_log.BaseStream is not null)
                _log.WriteLine(line);
        }
        if (_readyLine is not null && line.StartsWith(_readyLine, StringComparison.Ordinal))
            _ready.TrySetResult();
    }

    private static BlockingCollection<Action> StartsOnOneThread()
    {
        var starts = new BlockingCollection<Action>();
        new Thread(() =>
        {
            foreach (var start in starts.GetConsumingEnumerable())
                start();
        })
        { IsBackground = true, Name = "starts of servers" }.Start();
        return starts;
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int kill(int process, int signal);
}
