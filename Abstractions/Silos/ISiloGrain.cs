namespace ExplicitCluster.Abstractions.Silos;

/// <summary>One silo as seen by clients; keyed by the silo's address (<c>SiloAddress.ToParsableString()</c>), and placed on it.</summary>
[Alias("explicit.ISiloGrain")]
public interface ISiloGrain : IGrainWithStringKey
{
    [Alias("Status"), ResponseTimeout("00:00:05")]
    Task<SiloStatusReport> StatusAsync(CancellationToken cancellationToken = default);
}
