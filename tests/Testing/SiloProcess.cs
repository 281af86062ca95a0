using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace ExplicitCluster.Testing;

/// <summary>One real silo process on ports of its own.</summary>
public sealed class SiloProcess : IAsyncDisposable
{
    private const int SigCont = 18;
    private const int SigStop = 19;
    private const int SigTerm = 15;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly StringBuilder _log = new();
    private volatile bool _isKilled;
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private SiloProcess(ProcessStartInfo start, int port)
    {
        Port = port;
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.ErrorDataReceived += (_, line) => Take(line.Data);
    }

    /// <summary>The port that other silos know it by.</summary>
    public int Port { get; }

    /// <summary>Also where it was just killed and the system has not noted it yet.</summary>
    public bool HasExited => _isKilled || _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>All that it printed so far.</summary>
    public string Log
    {
        get
        {
            lock (_log)
                return _log.ToString();
        }
    }

    /// <param name="settings">Settings of the silo, by the names of their variables without the prefix.</param>
    /// <param name="environment">Other variables.</param>
    public static SiloProcess Start(IReadOnlyDictionary<string, string> settings, IReadOnlyDictionary<string, string>? environment = null)
    {
        var port = FreePort.Next();
        var start = ChildProcess.Of(Path.Combine(Repository.OutputOf("Silo"), "explicit-silo"), []);
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("EXPLICIT__", StringComparison.OrdinalIgnoreCase)).ToList())
            start.Environment.Remove(name);
        var ports = new Dictionary<string, string>
        {
            ["SILOPORT"] = port.ToString(CultureInfo.InvariantCulture),
            ["GATEWAYPORT"] = FreePort.Next().ToString(CultureInfo.InvariantCulture),
            ["HTTPPORT"] = "0",
            ["COMPUTESLOTS"] = "1",
        };
        start.Environment["Logging__LogLevel__Default"] = "Warning";
        foreach (var (name, value) in ports.Concat(settings))
            start.Environment[$"EXPLICIT__{name}"] = value;
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        var silo = new SiloProcess(start, port);
        silo._process.Exited += (_, _) => silo._ready.TrySetException(new InvalidOperationException("the silo ended before it was ready"));
        ChildProcess.Start(silo._process);
        return silo;
    }

    /// <summary>Waits until the silo says that it is ready.</summary>
    public async Task<SiloProcess> ReadyAsync()
    {
        try
        {
            await _ready.Task.WaitAsync(Deadline);
            return this;
        }
        catch (Exception exception) when (exception is TimeoutException or InvalidOperationException)
        {
            throw new InvalidOperationException($"The silo on port {Port} was not ready: {exception.Message}\n{Log}", exception);
        }
    }

    public void Kill()
    {
        _isKilled = true;
        _process.Kill();
    }

    /// <summary>Stands still, as a machine that hangs does.</summary>
    public void Pause() => Signal(SigStop);

    public void Continue() => Signal(SigCont);

    public void Terminate() => Signal(SigTerm);

    public async Task<int> EndAsync(TimeSpan deadline)
    {
        try
        {
            await _process.WaitForExitAsync().WaitAsync(deadline);
            return _process.ExitCode;
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"The silo on port {Port} did not end within {deadline}.\n{Log}");
        }
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
            return;
        lock (_log)
            _log.Append(line).Append('\n');
        if (line.StartsWith("silo ready", StringComparison.Ordinal))
            _ready.TrySetResult();
    }

    private void Signal(int signal)
    {
        if (kill(_process.Id, signal) != 0)
            throw new InvalidOperationException($"signal {signal} could not be sent to the silo on port {Port}");
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int kill(int process, int signal);
}
