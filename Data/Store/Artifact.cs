namespace ExplicitCluster.Data.Store;

/// <summary>An artifact as it was at one moment.</summary>
/// <param name="Content">All of it.</param>
/// <param name="ETag">Names this content; a later write gives another.</param>
public sealed record Artifact(byte[] Content, string ETag);
