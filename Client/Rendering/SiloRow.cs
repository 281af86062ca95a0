namespace ExplicitCluster.Client.Rendering;

/// <summary>One silo as a line: two readings a moment apart tell how busy its processors are.</summary>
internal sealed record SiloRow(SiloAddress Address, SiloStatus Status, SiloReading? Before, SiloReading? After)
{
    public SiloReading? Last => After ?? Before;

    /// <summary>Processors in use, 1 for one; null where unknown.</summary>
    public double? Processors => Before is null || After is null
        ? null
        : Math.Max(0, (After.Report.ProcessorTime - Before.Report.ProcessorTime) / (After.Time - Before.Time));

    /// <summary>The silo's own word for it; "silent" where it is listed as active and does not answer.</summary>
    public string State => Status == SiloStatus.Active && Last is null ? "silent" : Status.ToString().ToLowerInvariant();
}
