namespace ExplicitCluster.Silo;

/// <summary>Where a silo process listens, on loopback only; the rest is in <see cref="Grains.Hosting.ExplicitOptions"/>.</summary>
public sealed class SiloOptions
{
    public const string Section = Grains.Hosting.ExplicitOptions.Section;

    private const int HighestPort = 65535;

    /// <summary>Port for other silos.</summary>
    public int SiloPort { get; set; } = 11111;

    /// <summary>Port for clients.</summary>
    public int GatewayPort { get; set; } = 30000;

    /// <summary>The first rule that is broken, by name, or null.</summary>
    public string? FindProblem()
    {
        if (SiloPort is < 1 or > HighestPort)
            return $"SiloOptions.SiloPort must be from 1 to {HighestPort} (was {SiloPort})";
        if (GatewayPort is < 1 or > HighestPort)
            return $"SiloOptions.GatewayPort must be from 1 to {HighestPort} (was {GatewayPort})";
        return SiloPort == GatewayPort ? $"SiloOptions.GatewayPort must differ from SiloPort (both are {SiloPort})" : null;
    }
}
