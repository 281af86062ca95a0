using System.Diagnostics;
using System.Text;

namespace ExplicitCluster.EndToEnd.Tests;

/// <summary>A real process under a deadline, without standard input. Its lines can be waited for while it runs.</summary>
internal sealed class RunningProcess : IDisposable
{
    private readonly Process _process;
    private readonly string _command;
    private readonly Launch _launch;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();
    private readonly TaskCompletionSource _outputEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _errorEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<(StringBuilder Text, Predicate<string> IsMeant, TaskCompletionSource Seen)> _waits = [];

    private RunningProcess(ProcessStartInfo start, Launch launch)
    {
        _launch = launch;
        _command = string.Join(' ', start.ArgumentList.Prepend(Path.GetFileName(start.FileName)));
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Take(_output, line.Data, _outputEnded);
        _process.ErrorDataReceived += (_, line) => Take(_error, line.Data, _errorEnded);
    }

    public int Id => _process.Id;

    public static RunningProcess Start(string file, IEnumerable<string> arguments, Launch launch)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            WorkingDirectory = launch.Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        foreach (var name in start.Environment.Keys.Where(IsForeign).ToList())
            start.Environment.Remove(name);
        foreach (var (name, value) in launch.Environment)
            start.Environment[name] = value;
        var running = new RunningProcess(start, launch);
        running._process.Start();
        running._process.StandardInput.Close();
        running._process.BeginOutputReadLine();
        running._process.BeginErrorReadLine();
        return running;
    }

    /// <summary>Waits for a line on standard error that starts so.</summary>
    public Task WaitForErrorLineAsync(string start) => WaitForLineAsync(_error, _errorEnded.Task, start);

    /// <summary>Waits for a line on standard output that starts so, and gives all of standard output so far.</summary>
    public async Task<string> WaitForOutputLineAsync(string start)
    {
        await WaitForLineAsync(_output, _outputEnded.Task, start);
        lock (_error)
            return _output.ToString();
    }

    public async Task<Outcome> EndAsync()
    {
        try
        {
            using var deadline = new CancellationTokenSource(_launch.Deadline);
            await _process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
            Assert.Fail($"'{_command}' did not end within {_launch.Deadline}.\n--- standard output\n{_output}\n--- standard error\n{_error}");
        }
        await Task.WhenAll(_outputEnded.Task, _errorEnded.Task).WaitAsync(_launch.Deadline);
        return new Outcome(_command, _process.ExitCode, _output.ToString(), _error.ToString());
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    private async Task WaitForLineAsync(StringBuilder text, Task ended, string start)
    {
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_error)
        {
            if (text.ToString().Split('\n').Any(IsMeant))
                return;
            _waits.Add((text, IsMeant, seen));
        }
        if (await Task.WhenAny(seen.Task, ended, Task.Delay(_launch.Deadline)) != seen.Task)
            Assert.Fail($"'{_command}' printed no line that starts with '{start}' within {_launch.Deadline}:\n{_output}\n{_error}");

        bool IsMeant(string line) => line.StartsWith(start, StringComparison.Ordinal);
    }

    /// <summary>Settings of whoever runs the tests are not part of them.</summary>
    private static bool IsForeign(string name) => name.StartsWith("EXPLICIT__", StringComparison.OrdinalIgnoreCase);

    private void Take(StringBuilder text, string? line, TaskCompletionSource ended)
    {
        if (line is null)
        {
            ended.TrySetResult();
            return;
        }
        lock (_error)
        {
            text.Append(line).Append('\n');
            foreach (var (awaited, isMeant, seen) in _waits)
            {
                if (awaited == text && isMeant(line))
                    seen.TrySetResult();
            }
        }
    }
}
