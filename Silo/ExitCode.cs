namespace ExplicitCluster.Silo;

/// <summary>How a silo's process ends.</summary>
internal static class ExitCode
{
    /// <summary>It was told to stop.</summary>
    public const int Stopped = 0;

    /// <summary>It could not start: Redis does not answer, a port is taken.</summary>
    public const int Failed = 1;

    /// <summary>A setting breaks its rule.</summary>
    public const int WrongSettings = 2;

    /// <summary>Redis lost the membership.</summary>
    public const int MembershipLost = 4;
}
