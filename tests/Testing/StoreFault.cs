namespace ExplicitCluster.Testing;

/// <summary>What <see cref="FaultyProxy"/> does to one request.</summary>
public enum StoreFault
{
    /// <summary>The request is passed on late.</summary>
    Delay,

    /// <summary>The request is never answered; the connection stays open.</summary>
    Stall,

    /// <summary>The connection is reset before the server sees the request.</summary>
    Reset,

    /// <summary>500, without the server.</summary>
    Broken,

    /// <summary>503, without the server.</summary>
    Busy,

    /// <summary>429 with Retry-After, without the server.</summary>
    TooMany,

    /// <summary>The server carries the request out, and the connection is reset before the answer.</summary>
    LostAnswer,

    /// <summary>The answer ends in the midst of its body, or of its headers where it has none, with the connection.</summary>
    CutAnswer,

    /// <summary>The answer's body is half of what it should be and ends as if it were whole: chunks, the last of them empty.</summary>
    ShortAnswer,

    /// <summary>A bit in the midst of the answer's body is another.</summary>
    ChangedAnswer,

    /// <summary>A bit in the midst of the request's body is another when the server sees it.</summary>
    ChangedRequest,
}
