using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using ExplicitCluster.Grains.Hosting;
using ExplicitCluster.Testing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ExplicitCluster.Silo.Tests.Process;

/// <summary>
/// A silo process as Kubernetes runs one: secrets in files, Redis over TLS and with a password, blobs as the store, HTTP for all the network, every log line
/// written; and one job that the command ran on it. Shared by the tests of a class.
/// </summary>
public sealed class OneSilo : IAsyncLifetime
{
    public const string Password = "redis-password-7c1f";
    public const string Token = "bearer-token-5e90";

    private readonly TemporaryFolder _folder = new();
    private readonly OtlpReceiver _collector = new();
    private RedisServer _redis = null!;

    /// <summary>Secrets that must appear nowhere.</summary>
    public static IReadOnlyList<string> Secrets { get; } = [Password, Token, "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="];

    public AzuriteServer Azurite { get; private set; } = null!;

    public SiloProcess Silo { get; private set; } = null!;

    /// <summary>Without a token.</summary>
    public HttpClient Http { get; private set; } = null!;

    /// <summary>All that the command printed that trained.</summary>
    public string Trained { get; private set; } = "";

    internal OtlpReceiver Collector => _collector;

    /// <summary>Without TLS: the certificate is trusted by processes that are started here, not by this one.</summary>
    private ClusterAddress PlainAddress => ClusterAddress.Parse(_redis.Address("one")).Address!.WithPassword(Password);

    public async ValueTask InitializeAsync()
    {
        var servers = (Redis: RedisServer.StartAsync(Password, tls: true), Azurite: AzuriteServer.StartAsync());
        (_redis, Azurite) = (await servers.Redis, await servers.Azurite);
        MountedSecret.Write(
            _folder["secrets"], ("EXPLICIT__CLUSTERPASSWORD", Password), ("EXPLICIT__HTTPTOKEN", Token), ("EXPLICIT__STORECONNECTION", Azurite.ConnectionString));
        var port = FreePort.Next();
        Silo = SiloProcess.Start(
            new Dictionary<string, string>
            {
                ["CLUSTER"] = _redis.TlsAddress("one"),
                ["STORE"] = "blob:one",
                ["SECRETSFOLDER"] = _folder["secrets"],
                ["HTTPADDRESS"] = "0.0.0.0",
                ["HTTPPORT"] = port.ToString(CultureInfo.InvariantCulture),
            },
            new Dictionary<string, string>(Telemetry()) { ["Logging__LogLevel__Default"] = "Debug", ["Logging__LogLevel__Orleans"] = "Debug" });
        Http = new HttpClient { BaseAddress = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}")), Timeout = TimeSpan.FromSeconds(30) };
        await Silo.ReadyAsync();
        Trained = await TrainAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Http?.Dispose();
        if (Silo is not null)
            await Silo.DisposeAsync();
        if (Azurite is not null)
            await Azurite.DisposeAsync();
        if (_redis is not null)
            await _redis.DisposeAsync();
        _collector.Dispose();
        _folder.Dispose();
    }

    /// <summary>A client in the test's own process, which needs no command and uploads nothing.</summary>
    internal async Task<IHost> ConnectAsync()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.UseOrleansClient(client => client.UseRedisCluster(PlainAddress));
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    public async Task<HttpResponseMessage> GetAsync(string path, string? authorization)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = authorization is null ? null : AuthenticationHeaderValue.Parse(authorization);
        return await Http.SendAsync(request);
    }

    private Dictionary<string, string> Telemetry() => new()
    {
        ["SSL_CERT_FILE"] = _redis.Certificate!,
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = _collector.Endpoint,
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
    };

    private async Task<string> TrainAsync()
    {
        var command = Path.Combine(Repository.OutputOf("Client"), "explicit");
        var start = ChildProcess.Of(command, ["train", Repository.PathOf("examples", "table.yaml"), "--cluster", _redis.TlsAddress("one"), "--verbose"]);
        foreach (var (name, value) in Telemetry())
            start.Environment[name] = value;
        start.Environment["EXPLICIT__CLUSTERPASSWORD"] = Password;
        start.Environment["EXPLICIT__STORECONNECTION"] = Azurite.ConnectionString;
        using var process = new System.Diagnostics.Process { StartInfo = start };
        var text = new StringBuilder();
        process.OutputDataReceived += (_, line) => Take(line.Data);
        process.ErrorDataReceived += (_, line) => Take(line.Data);
        ChildProcess.Start(process);
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        Assert.True(process.ExitCode == 0, $"{text}\n{Silo.Log}");
        return text.ToString();

        void Take(string? line)
        {
            lock (text)
                text.Append(line).Append('\n');
        }
    }
}
