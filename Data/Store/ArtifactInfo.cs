namespace ExplicitCluster.Data.Store;

/// <summary>What is known of an artifact without reading it.</summary>
/// <param name="Length">Bytes.</param>
/// <param name="ETag">Names this content; a later write gives another.</param>
public sealed record ArtifactInfo(long Length, string ETag);
