namespace ExplicitCluster.Data.Store;

/// <summary>What must hold for a write to take place.</summary>
public sealed record WriteCondition
{
    private WriteCondition(bool mustBeAbsent, string? etag)
    {
        MustBeAbsent = mustBeAbsent;
        ETag = etag;
    }

    /// <summary>No condition: the last writer wins.</summary>
    public static WriteCondition Always { get; } = new(false, null);

    /// <summary>There is no artifact of that name: the first writer wins.</summary>
    public static WriteCondition IfAbsent { get; } = new(true, null);

    public bool MustBeAbsent { get; }

    /// <summary>The ETag that the artifact must have; null where none is asked for.</summary>
    public string? ETag { get; }

    /// <summary>The artifact is the one that was read with this ETag.</summary>
    public static WriteCondition IfMatch(string etag)
    {
        ArgumentException.ThrowIfNullOrEmpty(etag);
        return new(false, etag);
    }

    public override string ToString() => MustBeAbsent ? "that there is none yet" : ETag is null ? "nothing" : $"ETag {ETag}";
}
