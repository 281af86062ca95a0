namespace ExplicitCluster.Abstractions.Specifications;

/// <summary>The weights of a language model's sets of lags.</summary>
[GenerateSerializer, Alias("explicit.LanguageWeights")]
public enum LanguageWeights
{
    /// <summary>1 for every set.</summary>
    Ones,

    /// <summary>1 divided by the set's largest lag.</summary>
    Harmonic,

    /// <summary>Fitted on the tenth of the training documents that is held out for it.</summary>
    Fitted,
}
