namespace ExplicitCluster.Client.Specifications;

/// <summary>Collects the problems of one specification, so that all are reported at once.</summary>
internal sealed class ProblemList(string path)
{
    private readonly List<SpecificationProblem> _problems = [];

    /// <summary>The specification's file as it was named, fit for the console.</summary>
    public string Path { get; } = Quoted.Escape(path);

    /// <summary>The file as a whole, where no line is meant.</summary>
    public Origin File => new(Path, null);

    public bool IsEmpty => _problems.Count == 0;

    public void Add(Origin origin, string message)
    {
        var problem = new SpecificationProblem(origin.Where, origin.Line, Quoted.Escape(message));
        if (!_problems.Contains(problem))
            _problems.Add(problem);
    }

    /// <exception cref="SpecificationException">There is a problem.</exception>
    public void ThrowIfAny()
    {
        if (IsEmpty)
            return;
        throw new SpecificationException(
            [.. _problems.OrderBy(problem => problem.Where == Path ? 0 : 1).ThenBy(problem => problem.Line ?? 0)]);
    }
}
