namespace ExplicitCluster.Numerics.Features;

/// <summary>Takes the features of one document.</summary>
public interface IFeatureSink
{
    /// <summary>One occurrence of a feature, as bytes that are read before the call returns.</summary>
    void Add(ReadOnlySpan<byte> feature);
}
