namespace ExplicitCluster.Data.Formats;

/// <summary>What a file of cells says of itself.</summary>
/// <param name="Cells">Number of cells.</param>
/// <param name="Seen">Cells that were seen once, twice, three and four times.</param>
/// <param name="Sha256">Hex SHA-256 of all cells, each as its number (uint64) and its count (int64), little-endian.</param>
/// <param name="Contexts">Of a table of a single lag: in how many contexts each word was seen; otherwise null.</param>
public sealed record CellFileHeader(long Cells, long[] Seen, string Sha256, long[]? Contexts);
