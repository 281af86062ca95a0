using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Numerics.Features;

namespace ExplicitCluster.Client.Specifications;

/// <summary>Reads <c>features</c> and <c>solve</c> of a classifier of texts or of sparse rows.</summary>
internal sealed class TextSection(ProblemList problems, string folder)
{
    private const int LongestRun = 32;
    private const int MostGroups = 63;
    private const string Vocabularies = "the SHA-256 of a model's vocabulary or its first 8 digits at least, e.g. vocabulary: 3f2a9c01";

    /// <summary>Smoothing of the prior of texts: with many labels some have few rows.</summary>
    private const double DefaultBeta = 0.5;

    public static readonly string[] Maps = ["words", "chars", "positions", "sparse"];
    private static readonly string[] Keys = ["map", "ngrams", "counts", "minRows", "hash", "norm"];
    private static readonly string[] CountWords = ["raw", "binary", "log"];
    private static readonly string[] TemperatureKeys = ["rho", "passes", "passAlpha"];

    private readonly FieldValues _values = new(problems);
    private bool _keepsNorms;

    /// <summary>Whether a map of texts or of sparse rows is among the features.</summary>
    public static bool IsMeant(Field features) => (features.Value is ListNode list ? list.Items : [features.Value]).Any(item =>
        (item is MappingNode mapping ? mapping.Find("map")?.Value : item) is ScalarNode scalar && Maps.Contains(scalar.Text));

    public TextSpecification Read(Field features, Field? solve)
    {
        var items = features.Value is ListNode list ? list.Items : [features.Value];
        if (items.Count > MostGroups)
            _values.Wrong(features, $"at most {MostGroups} groups");
        var groups = items.Select((item, i) => ReadGroup(items.Count > 1 ? new Field($"{features.Path}.{i}", item.Origin, item) : features));
        var text = new TextSpecification
        {
            Groups = [.. groups.OfType<FeatureGroupSpecification>()],
            Temperatures = solve is null ? null : ReadTemperatures(solve),
            KeepsNorms = _keepsNorms,
        };
        RefuseTogether(text, features);
        return text;
    }

    private void RefuseTogether(TextSpecification text, Field features)
    {
        if (text.Groups.Length > 1 && text.Groups.Any(group => group.Map == FeatureGroupKind.Sparse))
            problems.Add(features.At, "mixed features: the map 'sparse' is of sparse rows and others are not, and one row is either; use it alone");
        if (text.Groups.Sum(group => group.HashBits > 0 ? 1L << group.HashBits : 0) > 1L << FeatureHash.MostBits)
            problems.Add(features.At, $"the groups of '{features.Path}' have more than 2^{FeatureHash.MostBits} buckets together; use fewer bits");
        if (text.Temperatures is null)
            return;
        if (text.Groups.Any(group => group.HashBits > 0))
            problems.Add(features.At, $"'{features.Path}' are hashed, and solve.temperatures goes by the rows of every feature, which a vocabulary counts; remove hash, or the temperatures");
        if (text.KeepsNorms)
            problems.Add(features.At, $"'{features.Path}.norm' does not go with solve.temperatures, whose rho takes its place; remove it");
    }

    /// <summary>K, alpha and beta where rows are of norm 1; with temperatures there is no K, and alpha is theirs.</summary>
    public SolveSpecification ReadSolve(Field? field, Func<Field, IReadOnlyList<string>, SolveSpecification> readAll, TextSpecification text)
    {
        var solve = new SolveSpecification { Beta = DefaultBeta };
        if (field is null)
            return solve;
        if (text.Temperatures is not null)
            return field.Value is MappingNode fitted && fitted.Find("classWeights") is { } entry ? solve with { ClassWeights = new ClassWeightSection(problems).Read(new Field("solve.classWeights", entry.Origin, entry.Value)) } : solve;
        var read = readAll(field, ["temperatures", .. TemperatureKeys]);
        return field.Value is MappingNode mapping && mapping.Find("beta") is null ? read with { Beta = DefaultBeta } : read;
    }

    /// <summary>Every source must hold what the groups are of.</summary>
    public void RefuseOthers(DataSpecification data, TextSpecification text, Field features)
    {
        if (text.IsSparse)
        {
            if (data.Train.Concat(data.Test).FirstOrDefault(source => !source.IsSparse) is { } other)
                problems.Add(features.At, $"'{features.Path}' is of sparse rows, and a source of data has format {other.Format.ToString().ToLowerInvariant()}; use libsvm sources, or other features");
        }
        else if (data.Train.Concat(data.Test).FirstOrDefault(source => !source.IsText) is { } source)
            problems.Add(
                features.At,
                $"'{features.Path}' is of texts, and a source of data has format {source.Format.ToString().ToLowerInvariant()} with numbers; name its column of texts, e.g. text: description");
    }

    /// <summary>Reads <c>tokens</c> and <c>vocabulary</c>, which stand beside the features.</summary>
    public TextSpecification ReadOthers(Section root, TextSpecification text, Field features)
    {
        if (root.Find("tokens") is { } tokens)
            text = text with { Tokens = ReadTokens(tokens, text) };
        if (root.Find("vocabulary") is { } vocabulary)
            text = text with { FrozenVocabulary = ReadVocabulary(vocabulary, text, features) };
        return text;
    }

    /// <summary>Words in lower case, which are the default, are no specification, so that artifacts have one name.</summary>
    private TokenSpecification? ReadTokens(Field field, TextSpecification text)
    {
        if (text.IsSparse)
            problems.Add(field.Origin, "the key 'tokens' goes with features of texts, and the features are of sparse rows; remove it");
        if (field.Value is MappingNode && Section.Of(problems, field, "tokens: { kind: words }") is { } section)
            section.Refuse(section.Find("kind")?.Value is ScalarNode { Text: "bpe" } ? ["ids", "block"] : ["vocabulary", "ids", "block"], key => $"'tokens.{key}' goes with task: language-model; remove it{(key == "vocabulary" ? ", and drop rare features by features.minRows" : "")}");
        var tokens = new TokenSection(problems, folder).Read(field);
        return tokens == new TokenSpecification() ? null : tokens;
    }

    private string? ReadVocabulary(Field field, TextSpecification text, Field features)
    {
        if (text.Temperatures is not null)
            problems.Add(field.Origin, "'vocabulary' does not go with solve.temperatures, which go by the rows of every feature in this training; remove one of them");
        if (text.Groups.Any(group => group.MinRows > 1))
            problems.Add(features.At, $"'{features.Path}.minRows' chooses the features of a new vocabulary, and 'vocabulary' names one; remove one of them");
        if (_values.Text(field, Vocabularies) is not { } hash)
            return null;
        if (hash.Length is < 8 or > 64 || !hash.All(char.IsAsciiHexDigitLower))
            _values.Wrong(field, Vocabularies);
        return hash;
    }

    private FeatureGroupSpecification? ReadGroup(Field field)
    {
        if (field.Value is ScalarNode { IsNull: false })
            return KindOf(field) is { } bare ? DefaultOf(bare) : null;
        if (Section.Of(problems, field, "{ map: words, ngrams: 1, counts: binary, minRows: 2 }") is not { } section)
            return null;
        section.RefuseOthers(Keys, []);
        if (section.Require("map", "map: words") is not { } name || KindOf(name) is not { } kind)
            return null;
        var group = DefaultOf(kind);
        if (section.Find("ngrams") is { } ngrams)
            group = ReadRuns(group, ngrams);
        if (section.Find("counts") is { } counts && _values.Choice(counts, CountWords) is { } index)
            group = group with { Counts = (FeatureCounts)index };
        if (section.Find("minRows") is { } least && _values.Whole(least, (1, int.MaxValue), "minRows: 2") is { } rows)
            group = group with { MinRows = (int)rows };
        if (section.Find("hash") is { } hash && _values.Whole(hash, (1, FeatureHash.MostBits), "hash: 20") is { } bits)
            group = group with { HashBits = (int)bits };
        if (group is { HashBits: > 0, MinRows: > 1 })
            problems.Add(section.Find("minRows")!.At, $"'{field.Path}.minRows' goes by the rows of every feature, and hashed features are not counted; remove it, or hash");
        if (section.Find("norm") is { } norm)
            ReadNorm(group, norm);
        return group;
    }

    private void ReadNorm(FeatureGroupSpecification group, Field field)
    {
        if (group.Map != FeatureGroupKind.Sparse)
            problems.Add(field.Origin, $"the map '{Maps[(int)group.Map]}' has no 'norm'; remove it");
        else
            _keepsNorms = _values.Choice(field, ["one", "none"]) == 1;
    }

    private FeatureGroupKind? KindOf(Field field)
    {
        if (field.Value is ScalarNode scalar && FeatureSection.Maps.Contains(scalar.Text))
        {
            problems.Add(field.At, $"mixed features: '{scalar.Text}' is of numbers and others are of texts or sparse rows, and one row is either; use words, chars and positions together, or sparse alone");
            return null;
        }
        return _values.Choice(field, Maps) is { } index ? (FeatureGroupKind)index : null;
    }

    private static FeatureGroupSpecification DefaultOf(FeatureGroupKind kind) => kind == FeatureGroupKind.Chars
        ? new FeatureGroupSpecification { Map = kind, Least = 3, Most = 5 }
        : new FeatureGroupSpecification { Map = kind };

    /// <summary>One length, or the shortest and the longest.</summary>
    private FeatureGroupSpecification ReadRuns(FeatureGroupSpecification group, Field field)
    {
        if (group.Map is FeatureGroupKind.Positions or FeatureGroupKind.Sparse)
        {
            problems.Add(field.Origin, $"the map '{Maps[(int)group.Map]}' has no 'ngrams'; remove it");
            return group;
        }
        var items = field.Value is ListNode list ? list.Items : [field.Value];
        var lengths = items.Select(item => FieldValues.WholeIn(new Field(field.Path, item.Origin, item), (1, LongestRun))).ToList();
        if (items.Count is < 1 or > 2 || lengths.Contains(null) || lengths[0] > lengths[^1])
        {
            _values.Wrong(field, $"a length from 1 to {LongestRun}, or the shortest and the longest, e.g. ngrams: [1, 2]");
            return group;
        }
        return group with { Least = (int)lengths[0]!, Most = (int)lengths[^1]! };
    }

    private TemperatureSpecification? ReadTemperatures(Field solve)
    {
        if (solve.Value is not MappingNode || Section.Of(problems, solve, "solve: { temperatures: fitted }") is not { } section)
            return null;
        if (section.Find("temperatures") is not { } field || _values.Choice(field, ["none", "fitted"]) is not 1)
        {
            section.Refuse(TemperatureKeys, key => $"'solve.{key}' goes with temperatures; add temperatures: fitted, or remove it");
            return null;
        }
        section.RefuseOthers(["temperatures", "alpha", .. TemperatureKeys, "k", "beta", "classWeights"], []);
        section.Refuse(["k", "beta"], key => $"'solve.{key}' does not go with temperatures, which take its place; remove it");
        var temperatures = new TemperatureSpecification();
        if (section.Find("alpha") is { } alpha)
            temperatures = temperatures with { Alpha = _values.Number(alpha, NumberRule.Above0, "alpha: 4") ?? temperatures.Alpha };
        if (section.Find("rho") is { } rho)
            temperatures = temperatures with { Rho = _values.Number(rho, Powers, "rho: 0.75") ?? temperatures.Rho };
        if (section.Find("passes") is { } passes && _values.Whole(passes, (0, 100), "passes: 1") is { } count)
            temperatures = temperatures with { Passes = (int)count };
        if (section.Find("passAlpha") is { } passAlpha)
            temperatures = temperatures with { PassAlpha = _values.Number(passAlpha, NumberRule.Above0, "passAlpha: 3") ?? temperatures.PassAlpha };
        return temperatures;
    }

    private static NumberRule Powers { get; } = new(value => value is >= 0 and <= 1, "a number from 0 to 1");
}
