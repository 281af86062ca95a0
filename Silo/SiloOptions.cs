using System.Net;
using ExplicitCluster.Grains.Hosting;

namespace ExplicitCluster.Silo;

/// <summary>Where a silo process listens and which cluster it joins; the rest is in <see cref="ExplicitOptions"/>. Bound from the same section.</summary>
public sealed class SiloOptions
{
    public const string Section = ExplicitOptions.Section;

    private const int HighestPort = 65535;

    /// <summary>Address of the cluster, <c>redis://...</c>; empty for a cluster of this silo alone.</summary>
    public string Cluster { get; set; } = "";

    /// <summary>Secret: password of Redis, where the address has none.</summary>
    public string? ClusterPassword { get; set; }

    /// <summary>File that holds <see cref="ClusterPassword"/>, as a mounted secret does.</summary>
    public string? ClusterPasswordFile { get; set; }

    /// <summary>Folder whose files are settings, as Kubernetes mounts a secret: named as variables of the environment are, <c>EXPLICIT__HTTPTOKEN</c>.</summary>
    public string? SecretsFolder { get; set; }

    /// <summary>Port for other silos.</summary>
    public int SiloPort { get; set; } = 11111;

    /// <summary>Port for clients.</summary>
    public int GatewayPort { get; set; } = 30000;

    /// <summary>The address that both ports are bound to. They know no authentication of their own: loopback unless configured.</summary>
    public string ListenAddress { get; set; } = "127.0.0.1";

    /// <summary>The address that others reach this silo by; empty for <see cref="ListenAddress"/>.</summary>
    public string AdvertisedAddress { get; set; } = "";

    /// <summary>The address that health, metrics and dashboard are bound to.</summary>
    public string HttpAddress { get; set; } = "127.0.0.1";

    /// <summary>Their port; 0 for none.</summary>
    public int HttpPort { get; set; } = 8080;

    /// <summary>Secret: bearer token for metrics and dashboard; needed unless <see cref="HttpAddress"/> is loopback.</summary>
    public string? HttpToken { get; set; }

    public IPAddress Listen => IPAddress.Parse(ListenAddress);

    public IPAddress Advertised => IPAddress.Parse(AdvertisedAddress.Length == 0 ? ListenAddress : AdvertisedAddress);

    /// <summary>The first rule that is broken, by name, or null.</summary>
    public string? FindProblem()
    {
        if (Cluster.Length > 0 && ClusterAddress.Parse(Cluster).Problem is { } problem)
            return $"SiloOptions.Cluster {problem}";
        if (SiloPort is < 1 or > HighestPort)
            return $"SiloOptions.SiloPort must be from 1 to {HighestPort} (was {SiloPort})";
        if (GatewayPort is < 1 or > HighestPort)
            return $"SiloOptions.GatewayPort must be from 1 to {HighestPort} (was {GatewayPort})";
        if (SiloPort == GatewayPort)
            return $"SiloOptions.GatewayPort must differ from SiloPort (both are {SiloPort})";
        if (HttpPort is < 0 or > HighestPort)
            return $"SiloOptions.HttpPort must be from 0 to {HighestPort} (was {HttpPort})";
        if (HttpPort > 0 && (HttpPort == SiloPort || HttpPort == GatewayPort))
            return $"SiloOptions.HttpPort must differ from SiloPort and GatewayPort (was {HttpPort})";
        if (ClusterPasswordFile is { Length: > 0 } file && !File.Exists(file))
            return $"SiloOptions.ClusterPasswordFile must name a file (there is no {file})";
        return AddressProblem();
    }

    /// <summary>The cluster's address with its password; null for a silo alone.</summary>
    public ClusterAddress? ToAddress()
    {
        if (Cluster.Length == 0)
            return null;
        var password = ClusterPasswordFile is { Length: > 0 } file ? File.ReadAllText(file).Trim() : ClusterPassword;
        return ClusterAddress.Parse(Cluster).Address!.WithPassword(password);
    }

    private string? AddressProblem()
    {
        if (!IPAddress.TryParse(ListenAddress, out var listen))
            return $"SiloOptions.ListenAddress must be an IP address (was '{ListenAddress}')";
        if (Cluster.Length == 0 && !IPAddress.IsLoopback(listen))
            return $"SiloOptions.ListenAddress must be loopback where there is no Cluster (was '{ListenAddress}')";
        if (AdvertisedAddress.Length > 0 && !IPAddress.TryParse(AdvertisedAddress, out _))
            return $"SiloOptions.AdvertisedAddress must be an IP address (was '{AdvertisedAddress}')";
        if (Advertised.Equals(IPAddress.Any) || Advertised.Equals(IPAddress.IPv6Any))
            return $"SiloOptions.AdvertisedAddress must be an address that others can reach, as ListenAddress is {listen}";
        if (!IPAddress.TryParse(HttpAddress, out var http))
            return $"SiloOptions.HttpAddress must be an IP address (was '{HttpAddress}')";
        return HttpPort > 0 && !IPAddress.IsLoopback(http) && string.IsNullOrWhiteSpace(HttpToken)
            ? $"SiloOptions.HttpToken must be set where HttpAddress is not loopback (it is {HttpAddress})"
            : null;
    }
}
