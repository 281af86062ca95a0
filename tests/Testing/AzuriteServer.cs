using System.Globalization;

namespace ExplicitCluster.Testing;

/// <summary>Azurite, the emulator of Azure Blob storage, on a free port, with its data in a folder of its own.</summary>
public sealed class AzuriteServer : IAsyncDisposable
{
    // The account that every emulator has; published, and good for nothing else.
    private const string Account = "devstoreaccount1";
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private readonly TemporaryFolder _folder = new();
    private ServerProcess? _process;

    private AzuriteServer()
    {
    }

    public int Port { get; } = FreePort.Next();

    public string ConnectionString => ConnectionStringTo(Port);

    public static async Task<AzuriteServer> StartAsync()
    {
        var server = new AzuriteServer();
        await server.LaunchAsync();
        return server;
    }

    /// <summary>The same account through another port, such as a proxy's.</summary>
    public static string ConnectionStringTo(int port) => string.Create(
        CultureInfo.InvariantCulture,
        $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};BlobEndpoint=http://127.0.0.1:{port}/{Account};");

    /// <summary>Stops the server, if it runs, and starts it again on the same port and data.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        await LaunchAsync();
    }

    /// <summary>Ends the server with its data written; a killed one would lose some.</summary>
    public async Task StopAsync()
    {
        if (_process is not null)
            await _process.StopAsync();
        await KillAsync();
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

    private async Task LaunchAsync()
    {
        var installed = Repository.PathOf(".tools", "node_modules", ".bin", "azurite-blob");
        _process = await ServerProcess.StartAsync(
            File.Exists(installed) ? installed : "azurite-blob",
            ["--blobHost", "127.0.0.1", "--blobPort", Port.ToString(CultureInfo.InvariantCulture), "--location", _folder.Path, "--silent", "--disableTelemetry"],
            Port,
            "run ./test.sh, which installs it, or npm install azurite@3.37.0");
    }
}
