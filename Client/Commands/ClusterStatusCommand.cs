using System.CommandLine;
using ExplicitCluster.Client.Hosting;
using ExplicitCluster.Client.Rendering;

namespace ExplicitCluster.Client.Commands;

/// <summary><c>explicit cluster status</c>: the silos of a cluster, dead ones too, and what they work on.</summary>
internal static class ClusterStatusCommand
{
    /// <summary>Between two readings of processor time.</summary>
    private static readonly TimeSpan Span = TimeSpan.FromMilliseconds(500);

    public static Command Create()
    {
        var command = new Command("status", "Shows the silos of a cluster, their load and their work.");
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var context = CommandContext.Of(parsed);
        if (context.Cluster is null)
            throw new UsageException("'cluster status' needs a cluster", "name it with --cluster or EXPLICIT__CLUSTER");
        await using var connection = await context.ConnectAsync(cancellationToken);
        var silos = await connection.SilosAsync(cancellationToken);
        var before = await ReadAsync(connection, silos, cancellationToken);
        await Task.Delay(Span, cancellationToken);
        var after = await ReadAsync(connection, silos, cancellationToken);
        var rows = silos.Select((silo, i) => new SiloRow(silo.Address, silo.Status, before[i], after[i])).ToList();
        var grains = await connection.GrainsAsync(cancellationToken);
        if (context.Json)
            Console.Out.WriteLine(ClusterView.JsonOf(connection.Profile.Address.ToString(), rows, grains));
        else
            ClusterView.Show(connection.Profile.Address.ToString(), rows, grains, context.Out);
        return ExitCode.Done;
    }

    private static Task<SiloReading?[]> ReadAsync(ClusterConnection connection, IReadOnlyList<(SiloAddress Address, SiloStatus Status)> silos, CancellationToken cancellationToken) =>
        Task.WhenAll(silos.Select(async silo =>
            silo.Status == SiloStatus.Active && await connection.StatusOfAsync(silo.Address, cancellationToken) is { } report ? new SiloReading(DateTimeOffset.UtcNow, report) : null));
}
