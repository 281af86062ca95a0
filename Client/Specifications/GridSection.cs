using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Specifications;

namespace ExplicitCluster.Client.Specifications;

/// <summary>Reads <c>grid</c>: what <c>explicit grid</c> tries. Other commands check it and pass it over.</summary>
internal sealed class GridSection(ProblemList problems)
{
    private const string Example = "grid: { k: auto, alpha: auto, folds: 5 }";
    private const int MostMapsOfEach = 10;

    private static readonly string[] Keys = ["k", "alpha", "beta", "priors", "groups", "folds"];
    private static readonly string[] Priors = ["observed", "uniform"];

    private readonly FieldValues _values = new(problems);

    /// <summary>Without the key: automatic grids of K and alpha, all maps together, five folds.</summary>
    public static GridSpecification Default(int maps) => new() { Groups = [All(maps)] };

    /// <param name="field">The key.</param>
    /// <param name="maps">Number of feature maps.</param>
    public GridSpecification Read(Field field, int maps)
    {
        var grid = Default(maps);
        if (Section.Of(problems, field, Example) is not { } section)
            return grid;
        section.RefuseOthers(Keys, []);
        if (section.Find("k") is { } k)
            grid = grid with { K = _values.Grid(k, NumberRule.Above0, SolveSpecification.AutoK, "k: [4, 8, 16]") ?? grid.K };
        if (section.Find("alpha") is { } alpha)
            grid = grid with { Alpha = _values.Grid(alpha, NumberRule.Above0, SolveSpecification.AutoAlpha, "alpha: [0.01, 0.1]") ?? grid.Alpha };
        if (section.Find("beta") is { } beta)
            grid = grid with { Beta = _values.Grid(beta, NumberRule.AtLeast0, [0], "beta: [0, 1]") ?? grid.Beta };
        if (section.Find("priors") is { } priors)
            grid = grid with { Priors = ReadPriors(priors) };
        if (section.Find("groups") is { } groups)
            grid = grid with { Groups = ReadGroups(groups, maps) };
        if (section.Find("folds") is { } folds)
            grid = grid with { Folds = (int)(_values.Whole(folds, (2, GridSpecification.MostFolds), "folds: 5") ?? grid.Folds) };
        if (grid.Settings * (grid.Folds + 1) > GridSpecification.MostSums)
            problems.Add(field.At, $"'{field.Path}' has {grid.Settings:N0} settings with {grid.Folds} folds; settings times folds and one may be {GridSpecification.MostSums:N0}: try fewer of k, alpha, beta or groups");
        return grid;
    }

    private ImmutableArray<GridPrior> ReadPriors(Field field)
    {
        var found = new SortedSet<GridPrior>();
        foreach (var item in ItemsOf(field))
        {
            if (_values.Choice(new Field(field.Path, item.Origin, item), Priors) is { } prior)
                found.Add((GridPrior)prior);
        }
        return found.Count == 0 ? [GridPrior.Observed] : [.. found];
    }

    private ImmutableArray<ImmutableArray<int>> ReadGroups(Field field, int maps)
    {
        const string Expected = "all, each, or a list of lists of the maps' places in features, from 1, e.g. groups: [[1], [1, 2]]";
        if (field.Value is ScalarNode { IsPlain: true, Text: "all" })
            return [All(maps)];
        if (field.Value is ScalarNode { IsPlain: true, Text: "each" })
        {
            if (maps <= MostMapsOfEach)
                return [.. Enumerable.Range(1, (1 << maps) - 1).Select(bits => All(maps).Where(map => (bits >> map & 1) == 1).ToImmutableArray())];
            problems.Add(field.At, $"'{field.Path}' is each, which is {maps} maps in every combination; expected at most {MostMapsOfEach} maps: list the groups");
            return [All(maps)];
        }
        if (field.Value is not ListNode { Items.Count: > 0 } list)
        {
            _values.Wrong(field, Expected);
            return [All(maps)];
        }
        var groups = new List<ImmutableArray<int>>();
        foreach (var item in list.Items)
        {
            var group = new SortedSet<int>();
            foreach (var node in ItemsOf(new Field(field.Path, item.Origin, item)))
            {
                if (FieldValues.WholeIn(new Field(field.Path, node.Origin, node), (1, Math.Max(1, maps))) is { } place && group.Add((int)place - 1))
                    continue;
                problems.Add(node.Origin, $"'{field.Path}' holds {node.Describe()}; expected places of maps in features, 1 to {maps}, each once in a group");
            }
            if (group.Count > 0 && groups.Any(other => other.AsSpan().SequenceEqual([.. group])))
                problems.Add(item.Origin, $"'{field.Path}' holds the group [{string.Join(", ", group.Select(map => map + 1))}] twice; remove one of them");
            groups.Add([.. group]);
        }
        return [.. groups];
    }

    private static List<Node> ItemsOf(Field field) => field.Value is ListNode list ? list.Items : [field.Value];

    private static ImmutableArray<int> All(int maps) => [.. Enumerable.Range(0, maps)];
}
