using System.Collections.Concurrent;
using System.Diagnostics;

namespace ExplicitCluster.Testing;

/// <summary>
/// Starts processes that die with the tests' process, however that ends, where <c>setpriv</c> is there (Debian's util-linux). The kernel kills such
/// a child when the thread that started it ends, so that one thread starts them all and lasts.
/// </summary>
public static class ChildProcess
{
    private static readonly BlockingCollection<Action> Starts = StartsOnOneThread();
    private static readonly string? SetPriv = Find("setpriv");

    /// <summary>Settings of a start, with the program wrapped where it can be.</summary>
    public static ProcessStartInfo Of(string program, IEnumerable<string> arguments)
    {
        var start = SetPriv is null ? new ProcessStartInfo(program, arguments) : new ProcessStartInfo(SetPriv, ["--pdeathsig", "KILL", program, .. arguments]);
        start.WorkingDirectory = Path.GetTempPath(); // a test's own folder may go while the child lives
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        return start;
    }

    public static void Start(Process process)
    {
        var started = new TaskCompletionSource();
        Starts.Add(() =>
        {
            try
            {
                process.Start();
                started.SetResult();
            }
            catch (Exception exception)
            {
                started.SetException(exception);
            }
        });
        started.Task.GetAwaiter().GetResult();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Full path of a program on the PATH, or of a file that is there; null otherwise.</summary>
    public static string? Find(string program) => Path.IsPathRooted(program)
        ? File.Exists(program) ? program : null
        : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    private static BlockingCollection<Action> StartsOnOneThread()
    {
        var starts = new BlockingCollection<Action>();
        new Thread(() =>
        {
            foreach (var start in starts.GetConsumingEnumerable())
                start();
        })
        { IsBackground = true, Name = "starts of child processes" }.Start();
        return starts;
    }
}
