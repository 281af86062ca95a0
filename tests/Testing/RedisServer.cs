using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ExplicitCluster.Testing;

/// <summary>A real redis-server on a free port, with its data in a folder of its own.</summary>
public sealed class RedisServer : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly int _port = FreePort.Next();
    private readonly int _tlsPort = FreePort.Next();
    private readonly string? _password;
    private readonly string? _certificate;
    private ServerProcess? _process;

    private RedisServer(string? password, bool tls)
    {
        _password = password;
        if (!tls)
            return;
        _certificate = _folder["server.pem"];
        WriteCertificate(_certificate);
    }

    /// <summary>Where it speaks TLS: the file, in PEM, that whoever connects has to trust.</summary>
    public string? Certificate => _certificate;

    public static async Task<RedisServer> StartAsync(string? password = null, bool tls = false)
    {
        var server = new RedisServer(password, tls);
        await server.LaunchAsync();
        return server;
    }

    /// <summary>Address of a cluster on this server, without its password.</summary>
    public string Address(string cluster) => string.Create(CultureInfo.InvariantCulture, $"redis://127.0.0.1:{_port}/{cluster}");

    /// <summary>The same over TLS.</summary>
    public string TlsAddress(string cluster) => string.Create(CultureInfo.InvariantCulture, $"rediss://127.0.0.1:{_tlsPort}/{cluster}");

    /// <summary>Kills the server and starts it again on the same port, with or without what it had written.</summary>
    public async Task RestartAsync(bool keepData)
    {
        await KillAsync();
        if (!keepData)
        {
            foreach (var file in Directory.EnumerateFileSystemEntries(_folder.Path).Where(file => file != _certificate))
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
        [
            "--port", _port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--dir", _folder.Path, "--appendonly", "yes", "--appendfsync", "everysec", "--save", "",
            .. _password is null ? Array.Empty<string>() : ["--requirepass", _password],
            .. _certificate is null ? Array.Empty<string>() : TlsSettings(_certificate),
        ],
        _port,
        "install Debian's package redis-server");

    private string[] TlsSettings(string certificate) =>
    [
        "--tls-port", _tlsPort.ToString(CultureInfo.InvariantCulture), "--tls-auth-clients", "no",
        "--tls-cert-file", certificate, "--tls-key-file", certificate, "--tls-ca-cert-file", certificate,
    ];

    /// <summary>A certificate of its own for 127.0.0.1, its key beside it.</summary>
    private static void WriteCertificate(string path)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(path, $"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n");
    }
}
