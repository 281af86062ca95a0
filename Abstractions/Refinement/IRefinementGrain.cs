namespace ExplicitCluster.Abstractions.Refinement;

/// <summary>A worker or a reducer of a refinement: it stays where it is from call to call, with what it holds in memory, until it is let go.</summary>
[Alias("explicit.IRefinementGrain")]
public interface IRefinementGrain : IGrainWithStringKey
{
    /// <summary>
    /// Tells which silo it is on. Where another is wanted it sets out for that, leaving behind what it holds in memory: ask again until it is there.
    /// </summary>
    [Alias("Place")]
    Task<SiloAddress> PlaceAsync(SiloAddress? wanted, CancellationToken cancellationToken = default);

    /// <summary>Lets go of everything, unless a later attempt than <paramref name="epoch"/> has begun.</summary>
    [Alias("Release")]
    Task ReleaseAsync(long epoch, CancellationToken cancellationToken = default);
}
