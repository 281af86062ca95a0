namespace ExplicitCluster.Testing;

/// <summary>What a request to Blob storage asks for.</summary>
public enum StoreRequestKind
{
    Read,
    ReadRange,

    /// <summary>A blob in one piece.</summary>
    Write,

    /// <summary>A block of a blob.</summary>
    WriteBlock,

    /// <summary>Makes a blob of its blocks.</summary>
    Commit,
    Stat,
    List,
    Delete,
    MakeContainer,
    Other,
}
