namespace ExplicitCluster.Grains.Refinement;

/// <summary>How long workers and reducers may hear nothing before they are taken for forgotten; they are let go when a refinement ends.</summary>
internal static class RefinementLife
{
    public static readonly TimeSpan Longest = TimeSpan.FromHours(12);
}
