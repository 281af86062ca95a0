namespace ExplicitCluster.Grains.Texts;

/// <summary>Which rows of a shard are meant.</summary>
internal enum HeldOutRows
{
    /// <summary>All of them.</summary>
    WithOthers,

    /// <summary>Those of the held-out fold.</summary>
    Only,

    /// <summary>All but those.</summary>
    Without,
}
