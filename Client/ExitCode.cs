namespace ExplicitCluster.Client;

/// <summary>Exit codes of every command.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int WrongUsage = 2;

    /// <summary>Cancelled, or a watch that was interrupted while its job goes on.</summary>
    public const int Cancelled = 3;
}
