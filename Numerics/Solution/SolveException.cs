namespace ExplicitCluster.Numerics.Solution;

/// <summary>Statistics and settings that have no finite solution: the message has the cause, <see cref="Remedy"/> names the option that helps.</summary>
public sealed class SolveException(string message, string remedy) : Exception(message)
{
    public string Remedy { get; } = remedy;
}
