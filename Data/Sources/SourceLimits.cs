namespace ExplicitCluster.Data.Sources;

/// <summary>Bounds that keep a damaged or hostile file from taking the machine's memory or disk.</summary>
internal static class SourceLimits
{
    /// <summary>Values a row.</summary>
    public const int MaxColumns = 1_000_000;

    public const int MaxLabels = 65_536;

    /// <summary>Characters of a label or a column's name.</summary>
    public const int MaxName = 256;

    /// <summary>Characters of a line of a delimited file of numbers, bytes of a line of text.</summary>
    public const int MaxLine = 16 << 20;

    /// <summary>Bytes of a document of several lines.</summary>
    public const int MaxDocument = 256 << 20;

    /// <summary>Greatest index of a sparse row.</summary>
    public const int MaxSparseIndex = (1 << 27) - 1;

    /// <summary>Rows of a row group of Parquet.</summary>
    public const int MaxGroupRows = 1 << 24;

    /// <summary>Decoded bytes a compressed byte, once <see cref="RatioFreeBytes"/> are decoded; deflate itself ends at 1,032.</summary>
    public const int MaxRatio = 1000;

    public const long RatioFreeBytes = 64L << 20;

    /// <summary>Names of columns that a manifest carries at most; wider tables are described by index.</summary>
    public const int MaxColumnNames = 4096;
}
