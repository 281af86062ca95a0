using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ExplicitCluster.Testing;

namespace ExplicitCluster.Silo.Tests.Process;

/// <summary>A silo that cannot start ends with one line and an exit code.</summary>
public sealed class StartTests : IDisposable
{
    private const string Password = "not-the-password";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_wrong_setting_ends_the_start_with_its_name_and_rule() =>
        Assert.Equal((ExitCode.WrongSettings, "ExplicitOptions.ComputeSlots must be from 0 to 1024 (was 5000)\n"), await EndOfAsync(("COMPUTESLOTS", "5000")));

    [Fact]
    public async Task A_wrong_password_is_told_without_it()
    {
        await using var redis = await RedisServer.StartAsync("the-password");
        var (code, log) = await EndOfAsync(("CLUSTER", redis.Address("x")), ("CLUSTERPASSWORD", Password));
        Assert.Equal((ExitCode.Failed, $"Redis at {redis.Address("x")} refuses the password, or wants one: set ClusterPassword, or the password of the address\n"), (code, log));
        Assert.DoesNotContain(Password, log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_that_is_not_trusted_is_told_as_one()
    {
        await using var redis = await RedisServer.StartAsync(Password, tls: true);
        var (code, log) = await EndOfAsync(("CLUSTER", redis.TlsAddress("x")), ("CLUSTERPASSWORD", Password));
        Assert.Equal(ExitCode.Failed, code);
        Assert.Equal($"Redis at {redis.TlsAddress("x")} has a certificate that is not trusted here, or speaks no TLS: correct the address, or name a file of trusted certificates with SSL_CERT_FILE\n", log);
    }

    [Theory]
    [InlineData("HTTPPORT")]
    [InlineData("SILOPORT")]
    public async Task A_port_that_is_taken_is_told_in_a_line(string port)
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var number = ((IPEndPoint)taken.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        var (code, log) = await EndOfAsync((port, number));
        Assert.Equal(ExitCode.Failed, code);
        Assert.Single(log.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => line.StartsWith("the silo cannot listen: ", StringComparison.Ordinal));
        Assert.DoesNotContain("Unhandled", log, StringComparison.Ordinal);
    }

    private async Task<(int Code, string Log)> EndOfAsync(params (string Name, string Value)[] settings)
    {
        await using var silo = SiloProcess.Start(new Dictionary<string, string>(settings.Select(one => KeyValuePair.Create(one.Name, one.Value))) { ["STORE"] = _folder["store"] });
        return (await silo.EndAsync(Deadline), silo.Log);
    }
}
