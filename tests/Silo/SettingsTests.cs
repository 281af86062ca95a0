using ExplicitCluster.Testing;
using Microsoft.Extensions.Configuration;

namespace ExplicitCluster.Silo.Tests;

/// <summary>A setting that breaks its rule is told in one line by its name, and the line holds no secret.</summary>
public sealed class SettingsTests : IDisposable
{
    private const string Secret = "tell-nobody";

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, string, string> Wrong => new()
    {
        { "Store", "", "ExplicitOptions.Store must name a folder or a container (was empty)" },
        { "Store", "ftp://host/x", "ExplicitOptions.Store: The store 'ftp://host/x' is neither a folder nor a container. Give a folder, blob:CONTAINER, or https://ACCOUNT.blob.core.windows.net/CONTAINER." },
        { "Store", "blob:tests", "ExplicitOptions.Store: The store blob:tests needs a connection string. Set StoreConnection (EXPLICIT__STORECONNECTION)." },
        { "Store", $"https://a.blob.core.windows.net/c?sig={Secret}", "ExplicitOptions.Store must hold neither a query nor a user: silos tell it to clients, and secrets belong into StoreConnection" },
        { "Cluster", $"http://u:{Secret}@host", "SiloOptions.Cluster must be redis://[user:password@]host[:port][/name], or rediss:// for TLS" },
        { "ClusterPasswordFile", "/nowhere/password", "SiloOptions.ClusterPasswordFile must name a file (there is no /nowhere/password)" },
        { "SecretsFolder", "/nowhere/secrets", "SiloOptions.SecretsFolder must name a folder (there is no /nowhere/secrets)" },
        { "SiloPort", "0", "SiloOptions.SiloPort must be from 1 to 65535 (was 0)" },
        { "SiloPort", "many", "Failed to convert configuration value 'many' at 'Explicit:SiloPort' to type 'System.Int32'." },
        { "GatewayPort", "65536", "SiloOptions.GatewayPort must be from 1 to 65535 (was 65536)" },
        { "GatewayPort", "11111", "SiloOptions.GatewayPort must differ from SiloPort (both are 11111)" },
        { "HttpPort", "-1", "SiloOptions.HttpPort must be from 0 to 65535 (was -1)" },
        { "HttpPort", "30000", "SiloOptions.HttpPort must differ from SiloPort and GatewayPort (was 30000)" },
        { "ListenAddress", "localhost", "SiloOptions.ListenAddress must be an IP address (was 'localhost')" },
        { "ListenAddress", "0.0.0.0", "SiloOptions.ListenAddress must be loopback where there is no Cluster (was '0.0.0.0')" },
        { "AdvertisedAddress", "me", "SiloOptions.AdvertisedAddress must be an IP address (was 'me')" },
        { "AdvertisedAddress", "0.0.0.0", "SiloOptions.AdvertisedAddress must be an address that others can reach, as ListenAddress is 127.0.0.1" },
        { "HttpAddress", "x", "SiloOptions.HttpAddress must be an IP address (was 'x')" },
        { "HttpAddress", "0.0.0.0", "SiloOptions.HttpToken must be set where HttpAddress is not loopback (it is 0.0.0.0)" },
        { "ComputeSlots", "-1", "ExplicitOptions.ComputeSlots must be from 0 to 1024 (was -1)" },
        { "MaxMemoryBytes", "-1", "ExplicitOptions.MaxMemoryBytes must be at least 0 (was -1)" },
        { "DrainPeriod", "01:00:00", "ExplicitOptions.DrainPeriod must be from 00:00:00 to 00:10:00 (was 01:00:00)" },
        { "DataRoots:0", "data", "ExplicitOptions.DataRoots must be full paths (was 'data')" },
        { ":OTEL_EXPORTER_OTLP_ENDPOINT", "collector", "OTEL_EXPORTER_OTLP_ENDPOINT must be an http or https address (was 'collector')" },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_wrong_value_is_named_with_its_rule(string name, string value, string line)
    {
        var key = name[0] == ':' ? name[1..] : $"Explicit:{name}";
        var (settings, problem) = Read(("Explicit:Store", _folder.Path), ("Explicit:StoreConnection", null), (key, value));
        Assert.Null(settings);
        Assert.Equal(line, problem);
        Assert.DoesNotContain(Secret, problem!, StringComparison.Ordinal);
    }

    [Fact]
    public void A_malformed_connection_string_is_told_without_it()
    {
        var (_, problem) = Read(("Explicit:Store", "blob:tests"), ("Explicit:StoreConnection", $"AccountKey={Secret}"));
        Assert.Equal("ExplicitOptions.Store: The connection string of the store blob:tests is malformed. Copy it again from the account's access keys.", problem);
    }

    [Fact]
    public void Ports_are_bound_to_loopback_unless_configured()
    {
        var (settings, _) = Read(("Explicit:Store", _folder.Path));
        Assert.Equal(System.Net.IPAddress.Loopback, settings!.Silo.Listen);
        Assert.Equal(System.Net.IPAddress.Loopback, settings.Silo.Advertised);
        Assert.Equal("127.0.0.1", settings.Silo.HttpAddress);
    }

    [Fact]
    public void Secrets_come_from_files_as_Kubernetes_mounts_them()
    {
        MountedSecret.Write(_folder["secrets"], ("EXPLICIT__CLUSTERPASSWORD", Secret), ("EXPLICIT__HTTPTOKEN", "token"));
        var (settings, _) = Read(("Explicit:Store", _folder.Path), ("Explicit:Cluster", "redis://host/name"), ("Explicit:SecretsFolder", _folder["secrets"]), ("Explicit:HttpAddress", "0.0.0.0"));
        Assert.Equal(Secret, settings!.Silo.ToAddress()!.Password);
        Assert.Equal("token", settings.Silo.HttpToken);
        Assert.DoesNotContain(Secret, $"{settings.Silo.ToAddress()}", StringComparison.Ordinal);
    }

    private static (Settings? Settings, string? Problem) Read(params (string Key, string? Value)[] values)
    {
        var configuration = new ConfigurationManager();
        foreach (var (key, value) in values)
            configuration[key] = value;
        return Settings.Read(configuration);
    }
}
