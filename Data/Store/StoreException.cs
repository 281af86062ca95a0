namespace ExplicitCluster.Data.Store;

/// <summary>The artifact store cannot do what was asked: one line of cause, one of remedy.</summary>
/// <param name="message">What was being done, what was seen and what was expected.</param>
/// <param name="remedy">What to do next.</param>
/// <param name="inner">The medium's own error.</param>
public class StoreException(string message, string remedy, Exception? inner = null) : Exception(message, inner)
{
    public string Remedy { get; } = remedy;
}
