namespace ExplicitCluster.Abstractions.Specifications;

/// <summary>What the layer above sees of a layer's scores; docs/math.md 12.</summary>
[GenerateSerializer, Alias("explicit.LayerActivation")]
public enum LayerActivation
{
    /// <summary>The best class of every window, or tuples of them: blocks.</summary>
    Classes,

    /// <summary>The probabilities of the classes in every window: dense.</summary>
    Softmax,
}
