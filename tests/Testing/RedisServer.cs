using System.Globalization;

namespace ExplicitCluster.Testing;

/// <summary>A real redis-server on a free port, with its data in a folder of its own.</summary>
public sealed class RedisServer : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly int _port = FreePort.Next();
    private ServerProcess? _process;

    private RedisServer()
    {
    }

    public static async Task<RedisServer> StartAsync()
    {
        var server = new RedisServer();
        await server.LaunchAsync();
        return server;
    }

    /// <summary>Address of a cluster on this server.</summary>
    public string Address(string cluster) => string.Create(CultureInfo.InvariantCulture, $"redis://127.0.0.1:{_port}/{cluster}");

    /// <summary>Kills the server and starts it again on the same port, with or without what it had written.</summary>
    public async Task RestartAsync(bool keepData)
    {
        await KillAsync();
        if (!keepData)
        {
            foreach (var file in Directory.EnumerateFileSystemEntries(_folder.Path))
            {
                if (Directory.Exists(file))
                    Directory.Delete(file, recursive: true);
                else
                    File.Delete(file);
            }
        }
        await LaunchAsync();
    }

    public async Task KillAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
        _process = null;
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _folder.Dispose();
    }

    private async Task LaunchAsync() => _process = await ServerProcess.StartAsync(
        "redis-server",
        ["--port", _port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--dir", _folder.Path, "--appendonly", "yes", "--appendfsync", "everysec", "--save", ""],
        _port,
        "install Debian's package redis-server");
}
