namespace ExplicitCluster.Data.Sources;

/// <summary>A source cannot be read: one line of cause with file and position, one of remedy.</summary>
/// <param name="message">What was seen, where, and what was expected.</param>
/// <param name="remedy">What to do next.</param>
public sealed class SourceException(string message, string remedy) : Exception(message)
{
    public string Remedy { get; } = remedy;
}
