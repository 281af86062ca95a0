namespace ExplicitCluster.Abstractions.Refinement;

/// <summary>A worker or a reducer of a refinement: it stays where it is from call to call, with what it holds in memory, until it is let go.</summary>
[Alias("explicit.IRefinementGrain")]
public interface IRefinementGrain : IGrainWithStringKey
{
    /// <summary>Lets go of everything, unless a later attempt than <paramref name="epoch"/> has begun; who is called next begins anew, where placement puts it.</summary>
    [Alias("Release")]
    Task ReleaseAsync(long epoch, CancellationToken cancellationToken = default);
}
