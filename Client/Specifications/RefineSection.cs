using ExplicitCluster.Abstractions.Specifications;

namespace ExplicitCluster.Client.Specifications;

/// <summary>Reads <c>refine</c>.</summary>
internal sealed class RefineSection(ProblemList problems)
{
    private const string Example = "refine: { method: sweeps }";
    private const int MostWorkers = 1024;
    private const int MostRuns = 64;

    private static readonly string[] Methods = ["none", "sweeps"];
    private static readonly string[] LaterMethods = ["averaging"];
    private static readonly string[] Starts = ["prior", "explicit"];
    private static readonly string[] SweepKeys = ["method", "workers", "sweeps", "blocksPerChunk", "alpha", "damping", "start", "average", "stop"];

    private readonly FieldValues _values = new(problems);

    /// <param name="field">The section.</param>
    /// <param name="areBlocks">Whether the features are blocks, as far as they could be read.</param>
    public RefineSpecification Read(Field field, bool areBlocks)
    {
        var refine = new RefineSpecification();
        if (Section.Of(problems, field, Example) is not { } section || section.Require("method", "method: sweeps") is not { } method)
            return refine;
        if (method.Value is ScalarNode scalar && LaterMethods.Contains(scalar.Text))
        {
            problems.Add(method.At, $"'refine.method' is '{scalar.Text}', which is not in this version; use sweeps or none");
            return refine;
        }
        if (_values.Choice(method, Methods) is not { } index)
            return refine;
        if (index == 0)
        {
            section.Refuse(SweepKeys.Where(key => key != "method"), key => $"'refine.{key}' says nothing with method: none; remove it, or use method: sweeps");
            section.RefuseOthers(SweepKeys, []);
            return refine;
        }
        section.RefuseOthers(SweepKeys, []);
        if (!areBlocks)
            problems.Add(method.At, "'refine.method' is 'sweeps', which moves weights of blocks, and the features are dense; use bins, patches or orientations");
        return refine with { Method = RefineMethod.Sweeps, Workers = Whole(section, "workers", MostWorkers, refine.Workers), Sweeps = ReadSweeps(section) };
    }

    private SweepSpecification ReadSweeps(Section section)
    {
        var sweeps = new SweepSpecification();
        sweeps = sweeps with
        {
            Sweeps = Whole(section, "sweeps", 1000, sweeps.Sweeps),
            BlocksPerChunk = Whole(section, "blocksPerChunk", 1_000_000, sweeps.BlocksPerChunk),
            Average = Whole(section, "average", MostRuns, sweeps.Average),
        };
        if (section.Find("alpha") is { } alpha)
            sweeps = sweeps with { Alpha = _values.Number(alpha, NumberRule.Above0, "alpha: 2") ?? sweeps.Alpha };
        if (section.Find("damping") is { } damping)
            sweeps = sweeps with { Damping = _values.Number(damping, NumberRule.Share, "damping: 0.5") ?? sweeps.Damping };
        if (section.Find("start") is { } start && _values.Choice(start, Starts) is { } index)
            sweeps = sweeps with { Start = (SweepStart)index };
        if (section.Find("stop") is { } stop)
            sweeps = sweeps with { Stop = _values.Truth(stop) ?? sweeps.Stop };
        return sweeps;
    }

    private int Whole(Section section, string key, int most, int otherwise) =>
        section.Find(key) is { } field ? (int)(_values.Whole(field, (1, most), $"{key}: {otherwise}") ?? otherwise) : otherwise;
}
