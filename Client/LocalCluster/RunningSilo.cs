using System.Globalization;

namespace ExplicitCluster.Client.LocalCluster;

/// <summary>One silo of a cluster on this machine: its ports stay, its process may be replaced.</summary>
internal sealed record RunningSilo(int Number, int SiloPort, int GatewayPort, int HttpPort, string Log)
{
    public ServerProcess? Process { get; set; }

    public IEnumerable<(string Name, string Value)> Environment =>
    [
        ("EXPLICIT__SILOPORT", Text(SiloPort)),
        ("EXPLICIT__GATEWAYPORT", Text(GatewayPort)),
        ("EXPLICIT__HTTPPORT", Text(HttpPort)),
    ];

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);
}
