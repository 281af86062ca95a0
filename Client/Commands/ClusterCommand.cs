using System.CommandLine;

namespace ExplicitCluster.Client.Commands;

/// <summary><c>explicit cluster ...</c>: the verbs on clusters themselves.</summary>
internal static class ClusterCommand
{
    public static Command Create() => new("cluster", "Clusters of silo processes.") { ClusterUpCommand.Create(), ClusterStatusCommand.Create() };
}
