namespace ExplicitCluster.Numerics.Encodings;

/// <summary>Turns raw rows into one encoding; a row may hold several maps side by side (<see cref="RowEncoder"/>).</summary>
public abstract class FeatureMap
{
    /// <summary>The map's key in a specification.</summary>
    public abstract string Name { get; }
}
