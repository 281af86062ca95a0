namespace ExplicitCluster.Numerics.Encodings;

/// <summary>Feature maps that do not fit each other or the rows: the message has the cause, <see cref="Remedy"/> what to do.</summary>
public sealed class FeatureException(string message, string remedy) : Exception(message)
{
    public string Remedy { get; } = remedy;
}
