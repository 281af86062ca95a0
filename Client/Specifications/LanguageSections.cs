using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Numerics.Language;

namespace ExplicitCluster.Client.Specifications;

/// <summary>Reads <c>tokens</c>, <c>features</c> and <c>solve</c> of a language model.</summary>
internal sealed class LanguageSections(ProblemList problems, string folder)
{
    private const string Example = "features: { map: context, lags: [[1], [1, 2], [2]] }";
    private const int LongestLag = 1000;
    private const int MostSets = 64;

    private static readonly string[] Discounts = ["three", "one"];
    private static readonly string[] Tops = ["raw", "chain"];
    private static readonly string[] Weights = ["ones", "harmonic", "fitted"];

    private readonly FieldValues _values = new(problems);

    public LanguageSpecification Read(Section root)
    {
        root.Refuse(["compact", "refine"], key => $"the key '{key}' goes with classifiers, and the task is language-model; remove it");
        var language = new LanguageSpecification
        {
            Tokens = root.Find("tokens") is { } tokens ? new TokenSection(problems, folder).Read(tokens) : new TokenSpecification(),
            Lags = [],
        };
        if (root.Require("features", Example) is { } features && Section.Of(problems, features, Example) is { } section)
            language = ReadFeatures(section, features, language);
        if (root.Find("solve") is { } solve && Section.Of(problems, solve, "solve: { weights: fitted }") is { } solving)
        {
            solving.RefuseOthers(["weights"], []);
            if (solving.Find("weights") is { } weights && _values.Choice(weights, Weights) is { } choice)
                language = language with { Weights = (LanguageWeights)choice };
        }
        if (language is { IsPositional: true, Weights: LanguageWeights.Fitted, Lags.Length: > 0 })
        {
            problems.Add(
                root.Find("solve")?.At ?? root.Find("features")!.At,
                "the positional model (single lags, one discount) has no fitted weights; set solve: { weights: harmonic }, or discounts: three");
        }
        return language;
    }

    private LanguageSpecification ReadFeatures(Section section, Field features, LanguageSpecification language)
    {
        section.RefuseOthers(["map", "lags", "discounts", "far", "prune"], []);
        if (section.Require("map", "map: context") is { } map)
            _values.Choice(map, ["context"]);
        if (section.Find("discounts") is { } discounts)
            language = language with { SingleDiscount = _values.Choice(discounts, Discounts) == 1 };
        if (section.Find("far") is { } far)
            language = language with { ContinuesTop = _values.Choice(far, Tops) == 1 };
        if (section.Find("prune") is { } prune)
            language = language with { Prune = _values.Whole(prune, (0, 1), "prune: 1") == 1 };
        if (section.Require("lags", "lags: [[1], [1, 2], [2]]") is not { } lags)
            return language;
        language = language with { Lags = ReadLags(lags) };
        if (language.Lags.IsEmpty)
            return language;
        try
        {
            Check(new ContextPlan([.. language.Lags.Select(set => new LagSet([.. set]))], language.ContinuesTop), language.Tokens.Vocabulary);
        }
        catch (LanguageException exception)
        {
            problems.Add(lags.At, $"'{lags.Path}': {exception.Message}; {exception.Remedy}");
        }
        return language;
    }

    /// <summary>Every set in square brackets; one number alone is a set of one lag.</summary>
    private ImmutableArray<ImmutableArray<int>> ReadLags(Field field)
    {
        const string Expected = "a list of sets of lags, each ascending, e.g. [[1], [1, 2], [2]]";
        if (field.Value is not ListNode { Items: { Count: > 0 and <= MostSets } items })
        {
            _values.Wrong(field, Expected);
            return [];
        }
        var sets = ImmutableArray.CreateBuilder<ImmutableArray<int>>();
        foreach (var item in items)
        {
            var lags = (item as ListNode)?.Items ?? [item];
            var numbers = lags.Select(lag => FieldValues.WholeIn(new Field(field.Path, lag.Origin, lag), (1, LongestLag))).ToList();
            if (numbers.Count == 0 || numbers.Contains(null))
            {
                problems.Add(item.Origin, $"'{field.Path}' holds {item.Describe()}; expected {Expected}, lags from 1 to {LongestLag}");
                return [];
            }
            sets.Add([.. numbers.Select(number => (int)number!.Value)]);
        }
        return sets.ToImmutable();
    }

    private static void Check(ContextPlan plan, int vocabulary)
    {
        foreach (var set in plan.Counted)
            new CellPacking(vocabulary).Check(set);
    }
}
