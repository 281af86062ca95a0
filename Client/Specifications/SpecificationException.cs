namespace ExplicitCluster.Client.Specifications;

/// <summary>A specification cannot be used; all its mistakes are here, in the order of the file and then of the overrides.</summary>
public sealed class SpecificationException(IReadOnlyList<SpecificationProblem> problems)
    : Exception(string.Join(Environment.NewLine, problems))
{
    public IReadOnlyList<SpecificationProblem> Problems { get; } = problems;
}
