namespace ExplicitCluster.Numerics.Language;

/// <summary>A language model that cannot be made: the message has the cause, <see cref="Remedy"/> what to do.</summary>
public sealed class LanguageException(string message, string remedy) : Exception(message)
{
    public string Remedy { get; } = remedy;
}
