using System.Globalization;
using System.Text;
using ExplicitCluster.Client.LocalCluster;
using Spectre.Console;

namespace ExplicitCluster.Client.Rendering;

/// <summary>Clusters for people and for machines: one that was started here, and the state of any.</summary>
internal static class ClusterView
{
    /// <summary>What people need to use a cluster that was just started.</summary>
    public static string TextOf(RunningCluster cluster, ClusterSettings settings)
    {
        var text = new StringBuilder().AppendLine(CultureInfo.InvariantCulture, $"cluster {cluster.Address} is ready: {settings.Silos} silos with {settings.Slots} compute slots each");
        foreach (var silo in cluster.Silos)
            text.AppendLine(CultureInfo.InvariantCulture, $"  silo {silo.Number}: process {silo.Process!.Id}, 127.0.0.1:{silo.SiloPort}, dashboard http://127.0.0.1:{silo.HttpPort}/dashboard, log {silo.Log}");
        text.AppendLine("in another terminal:");
        text.AppendLine(CultureInfo.InvariantCulture, $"  explicit train SPEC --cluster {cluster.Address}");
        return text.Append("Ctrl-C stops the cluster; its data stays").ToString();
    }

    public static string JsonOf(RunningCluster cluster, ClusterSettings settings) => JsonText.Of(new
    {
        Cluster = cluster.Address,
        settings.Store,
        Silos = cluster.Silos.Select(silo => new { silo.Number, Process = silo.Process!.Id, silo.SiloPort, silo.GatewayPort, silo.HttpPort, silo.Log }),
    });

    public static void Show(string address, IReadOnlyList<SiloRow> silos, IReadOnlyDictionary<string, int> grains, IAnsiConsole console)
    {
        var table = new Table().RoundedBorder().AddColumns("silo", "status", "process", "up", "work", "waiting", "CPU", "memory");
        foreach (var column in table.Columns.Skip(2))
            column.RightAligned();
        foreach (var silo in silos)
        {
            var report = silo.Last?.Report;
            table.AddRow(
                new Text(silo.Address.Endpoint.ToString()),
                new Text(silo.State, new Style(silo.State == "active" ? Color.Green : Color.Red)),
                new Text(report is null ? "" : $"{report.ProcessId}"),
                new Text(report is null ? "" : Figures.Clock(silo.Last!.Time - report.Started)),
                new Text(report is null ? "" : $"{report.WorkRunning} of {report.ComputeSlots}"),
                new Text(report is null ? "" : Figures.Count(report.WorkWaiting)),
                new Text(silo.Processors is { } processors ? $"{processors:P0}".Replace(" ", "", StringComparison.Ordinal) : ""),
                new Text(report is null ? "" : Figures.Bytes(report.MemoryBytes)));
        }
        console.Write(table);
        var store = silos.Select(silo => silo.Last?.Report.Store).FirstOrDefault(store => store is not null) ?? "unknown";
        var counts = string.Join(", ", grains.OrderBy(grain => grain.Key, StringComparer.Ordinal).Select(grain => $"{Figures.Count(grain.Value)} {grain.Key}"));
        var writer = console.Profile.Out.Writer;
        writer.WriteLine($"cluster {address}, store {store}");
        writer.WriteLine($"grains: {(counts.Length == 0 ? "none" : counts)}");
        writer.Flush();
    }

    public static string JsonOf(string address, IReadOnlyList<SiloRow> silos, IReadOnlyDictionary<string, int> grains) => JsonText.Of(new
    {
        Cluster = address,
        Store = silos.Select(silo => silo.Last?.Report.Store).FirstOrDefault(store => store is not null),
        Silos = silos.Select(silo => new
        {
            Address = silo.Address.Endpoint.ToString(),
            Status = silo.State,
            Process = silo.Last?.Report.ProcessId,
            silo.Last?.Report.Started,
            silo.Last?.Report.ComputeSlots,
            silo.Last?.Report.WorkRunning,
            silo.Last?.Report.WorkWaiting,
            silo.Processors,
            silo.Last?.Report.MemoryBytes,
            silo.Last?.Report.Version,
        }),
        Grains = grains,
    });
}
