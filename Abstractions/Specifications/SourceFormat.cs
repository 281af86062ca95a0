namespace ExplicitCluster.Abstractions.Specifications;

/// <summary>File formats of a source.</summary>
[GenerateSerializer, Alias("explicit.SourceFormat")]
public enum SourceFormat
{
    /// <summary>IDX images and labels (MNIST's format), plain or gzip.</summary>
    Idx,

    /// <summary>Comma-separated numbers, plain or gzip.</summary>
    Csv,

    /// <summary>Tab-separated numbers, plain or gzip.</summary>
    Tsv,
}
