using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ExplicitCluster.Testing;

/// <summary>A real server in a process of its own, ready when its port answers, killed with the test or with the test's process.</summary>
public sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly Process _process;
    private readonly StringBuilder _log = new();

    private ServerProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Take(line.Data);
        process.ErrorDataReceived += (_, line) => Take(line.Data);
    }

    /// <summary>Starts a program and waits until it listens on a loopback port.</summary>
    /// <exception cref="InvalidOperationException">The program is not there, ended, or did not listen in time.</exception>
    public static async Task<ServerProcess> StartAsync(string program, IEnumerable<string> arguments, int port, string howToInstall)
    {
        var path = ChildProcess.Find(program) ?? throw new InvalidOperationException($"{program} is missing and this test needs it: {howToInstall}");
        var server = new ServerProcess(new Process { StartInfo = ChildProcess.Of(path, arguments) });
        ChildProcess.Start(server._process);
        try
        {
            await server.ListensAsync(port);
            return server;
        }
        catch (Exception exception)
        {
            await server.DisposeAsync();
            throw new InvalidOperationException($"{program} does not listen on port {port}: {exception.Message}\n{server._log}", exception);
        }
    }

    /// <summary>Asks the server to end in its own way, with its data written.</summary>
    public async Task StopAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await _process.WaitForExitAsync().WaitAsync(Deadline);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task ListensAsync(int port)
    {
        var start = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                using var socket = new TcpClient();
                await socket.ConnectAsync(IPAddress.Loopback, port);
                return;
            }
            catch (SocketException) when (!_process.HasExited && start.Elapsed < Deadline)
            {
                await Task.Delay(Pause);
            }
        }
    }

    private void Take(string? line)
    {
        if (line is not null)
        {
            lock (_log)
                _log.AppendLine(line);
        }
    }
}
