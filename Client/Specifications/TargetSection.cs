using ExplicitCluster.Abstractions.Specifications;

namespace ExplicitCluster.Client.Specifications;

/// <summary>Reads <c>targets</c> of a layer: the labels, codes of them or sub-classes.</summary>
internal sealed class TargetSection(ProblemList problems)
{
    private const string Form = "targets: { subclasses: 3, passes: 5 }";
    private const int MostBits = 16;
    private const int MostSubclasses = 1000;
    private const int MostPasses = 100;
    private const int DefaultPasses = 5;

    private readonly FieldValues _values = new(problems);

    /// <summary>Null for the labels.</summary>
    public HiddenTargetSpecification? Read(Field field)
    {
        if (field.Value is ScalarNode { Text: "labels" })
            return null;
        if (field.Value is not MappingNode)
        {
            _values.Wrong(field, $"labels, {{ code: 4 }} or {{ subclasses: 3 }}, e.g. {Form}");
            return null;
        }
        var section = Section.Of(problems, field, Form)!;
        section.RefuseOthers(["code", "subclasses", "passes", "seed"], []);
        var (code, subclasses) = (section.Find("code"), section.Find("subclasses"));
        if (code is null == subclasses is null)
            problems.Add(field.At, $"'{field.Path}' has {(code is null ? "neither" : "both")} of 'code' and 'subclasses'; give one of them, e.g. {Form}");
        if (subclasses is null)
            section.Refuse(["passes"], key => $"'{key}' are of sub-classes; remove it, or use {Form}");
        return new HiddenTargetSpecification
        {
            Code = code is null ? 0 : (int)(_values.Whole(code, (1, MostBits), "code: 4") ?? 1),
            Subclasses = subclasses is null ? 0 : (int)(_values.Whole(subclasses, (2, MostSubclasses), "subclasses: 3") ?? 2),
            Passes = subclasses is null ? 0 : section.Find("passes") is { } passes ? (int)(_values.Whole(passes, (1, MostPasses), "passes: 5") ?? 1) : DefaultPasses,
            Seed = section.Find("seed") is { } seed ? _values.Whole(seed, (long.MinValue, long.MaxValue), "seed: 1") ?? 1 : 1,
        };
    }
}
