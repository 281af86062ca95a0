namespace ExplicitCluster.Numerics.Layers;

/// <summary>A map of a layer's activations.</summary>
public interface ILayerMap
{
    /// <summary>The layer's windows.</summary>
    WindowGrid Windows { get; }

    /// <summary>What the layer tells apart.</summary>
    LayerTargets Targets { get; }
}
