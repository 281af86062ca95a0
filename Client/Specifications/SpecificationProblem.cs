namespace ExplicitCluster.Client.Specifications;

/// <summary>One mistake of a specification, said in one line.</summary>
/// <param name="Where">The file as it was named, or the whole override, e.g. <c>--set solve.alpha=x</c>.</param>
/// <param name="Line">Line in the file, from 1; null where no single line is meant.</param>
/// <param name="Message">What was seen, what was expected and what to do.</param>
public sealed record SpecificationProblem(string Where, int? Line, string Message)
{
    public override string ToString() => Line is { } line ? $"{Where}:{line}: {Message}" : $"{Where}: {Message}";
}
