namespace ExplicitCluster.Client.Commands;

/// <summary>A command line that parses but cannot be meant: exit code 2.</summary>
internal sealed class UsageException(string message, string remedy) : Exception(message)
{
    public string Remedy { get; } = remedy;
}
