namespace ExplicitCluster.Numerics.Tokens;

/// <summary>Tokens that cannot be made, or a rule for them that is none: the message has the cause, <see cref="Remedy"/> what to do.</summary>
public sealed class TokenException(string message, string remedy) : Exception(message)
{
    public string Remedy { get; } = remedy;
}
