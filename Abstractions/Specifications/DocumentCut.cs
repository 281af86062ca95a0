namespace ExplicitCluster.Abstractions.Specifications;

/// <summary>What of a plain text is a document.</summary>
[GenerateSerializer, Alias("explicit.DocumentCut")]
public enum DocumentCut
{
    /// <summary>Every line, empty ones as well.</summary>
    Line,

    /// <summary>The whole file.</summary>
    File,

    /// <summary>What stands between blank lines.</summary>
    BlankLine,
}
