using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Specifications;

namespace ExplicitCluster.Client.Specifications;

/// <summary>Reads <c>solve.classWeights</c>: the word balanced, or weights by label.</summary>
internal sealed class ClassWeightSection(ProblemList problems)
{
    private const string Example = "classWeights: balanced, or classWeights: { rare: 5 }";

    private readonly FieldValues _values = new(problems);

    public ClassWeightSpecification? Read(Field field)
    {
        if (field.Value is ScalarNode)
            return _values.Choice(field, ["balanced"]) is null ? null : new ClassWeightSpecification { IsBalanced = true };
        if (field.Value is not MappingNode mapping || mapping.Entries.Count == 0)
        {
            _values.Wrong(field, $"balanced, or a weight for some labels, e.g. {Example}");
            return null;
        }
        var weights = ImmutableArray.CreateBuilder<LabelWeight>();
        foreach (var entry in mapping.Entries)
        {
            if (_values.Number(new Field($"{field.Path}.{entry.Key}", entry.Origin, entry.Value), NumberRule.Above0, "rare: 5") is { } weight)
                weights.Add(new LabelWeight(entry.Key, weight));
        }
        return new ClassWeightSpecification { Weights = weights.ToImmutable() };
    }

    /// <summary>Leave-one-out and refinement of rows of numbers go by rows that count alike.</summary>
    public static void RefuseWithNumbers(ProblemList problems, Field solve, SolveSpecification read, RefineSpecification refine)
    {
        if (refine.Method != RefineMethod.None)
            problems.Add(solve.At, "'solve.classWeights' weighs the explicit solution, which refinement would move back; remove it, or refine");
        else if (read.HasChoice)
            problems.Add(solve.At, "'solve.classWeights' needs one number for k and for alpha where features are of numbers: leave-one-out chooses for rows that count alike");
    }
}
