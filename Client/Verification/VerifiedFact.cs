namespace ExplicitCluster.Client.Verification;

/// <summary>Something that a model says of itself, and what was found by computing it again.</summary>
internal sealed record VerifiedFact(string What, string Expected, string Seen)
{
    public bool Matches => Expected == Seen;
}
