namespace ExplicitCluster.Abstractions.Specifications;

/// <summary>File formats of a source.</summary>
[GenerateSerializer, Alias("explicit.SourceFormat")]
public enum SourceFormat
{
    /// <summary>IDX images and labels (MNIST's format), plain or gzip.</summary>
    Idx,

    /// <summary>Comma-separated numbers, or texts in one column; plain or compressed.</summary>
    Csv,

    /// <summary>Tab-separated numbers, or texts in one column; plain or compressed.</summary>
    Tsv,

    /// <summary>Plain text in UTF-8 without labels, plain or compressed.</summary>
    Text,

    /// <summary>JSON Lines: an object a line, plain or compressed.</summary>
    Jsonl,

    /// <summary>libsvm and svmlight: sparse rows with labels, plain or compressed.</summary>
    Libsvm,

    /// <summary>Parquet with a column of texts.</summary>
    Parquet,
}
