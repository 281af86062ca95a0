namespace ExplicitCluster.Abstractions.Specifications;

/// <summary>The kinds of features of texts and of sparse rows; docs/math.md says what each is.</summary>
[GenerateSerializer, Alias("explicit.FeatureGroupKind")]
public enum FeatureGroupKind
{
    /// <summary>Runs of words.</summary>
    Words,

    /// <summary>Runs of characters within a word.</summary>
    Chars,

    /// <summary>What stands at the beginning and at the end.</summary>
    Positions,

    /// <summary>The indices of sparse rows with their values.</summary>
    Sparse,
}
