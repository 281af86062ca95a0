namespace ExplicitCluster.Numerics.Features;

/// <summary>What a feature's number of occurrences in a document counts as.</summary>
public enum CountKind
{
    /// <summary>As itself.</summary>
    Raw,

    /// <summary>As 1: a group is a set.</summary>
    Binary,

    /// <summary>As log(1 + n).</summary>
    Log,
}
