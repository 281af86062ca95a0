using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using ExplicitCluster.Abstractions.Specifications;

namespace ExplicitCluster.Client.Specifications;

/// <summary>Reads the settings of the map <c>orientations</c>.</summary>
internal sealed partial class OrientationSection(ProblemList problems)
{
    private const int MostCodes = 1 << 16;
    private const int MostPixels = 256;
    private const int MostCells = 16_384;

    public static readonly string[] Keys = ["cell", "stride", "bins", "thresholds", "shapes", "distance"];

    private readonly FieldValues _values = new(problems);

    [GeneratedRegex(@"\A([1-9][0-9]{0,4})x([1-9][0-9]{0,4})\z")]
    private static partial Regex ShapePattern { get; }

    /// <summary>The map with its settings; those that are wrong keep their default.</summary>
    public FeatureMapSpecification Read(FeatureMapSpecification map, Section? section, Origin origin)
    {
        if (Require("cell", "its pixels across and down", "cell: 4") is { } cell)
            map = map with { Cell = Size(cell, MostPixels, "cell: 4") ?? map.Cell };
        if (section?.Find("stride") is { } stride)
            map = map with { Stride = Size(stride, int.MaxValue, "stride: 2") ?? map.Stride };
        if (Require("bins", "its number of directions", "bins: 8") is { } bins)
            map = map with { Bins = Bins(bins) };
        if (Require("thresholds", "grey levels of weak and strong cells", "thresholds: [4, 16]") is { } thresholds)
            map = map with { Thresholds = _values.Ascending(thresholds, NumberRule.AtLeast0, (2, 2), "thresholds: [4, 16]") ?? map.Thresholds };
        if (Require("shapes", "the cells of its blocks", "shapes: [1x2, 2x1]") is { } shapes)
            map = map with { Shapes = Shapes(shapes, map.Bins) };
        if (section?.Find("distance") is { } distance)
            map = map with { Distance = Size(distance, MostCells, "distance: 2") ?? map.Distance };
        return map;

        Field? Require(string key, string what, string example)
        {
            if (section?.Find(key) is { } field)
                return field;
            problems.Add(origin, $"the map 'orientations' needs '{key}', {what}; add it, e.g. {example}");
            return null;
        }
    }

    private int? Size(Field field, int most, string example) => (int?)_values.Whole(field, (1, most), example);

    private int Bins(Field field)
    {
        if (field.Value is ScalarNode { IsPlain: true, Text: "4" or "8" } scalar)
            return scalar.Text == "4" ? 4 : 8;
        _values.Wrong(field, "4 or 8, e.g. bins: 8");
        return 0;
    }

    private ImmutableArray<CellShape> Shapes(Field field, int bins)
    {
        const string Expected = "a shape or a list of shapes, each cells down x cells across, e.g. shapes: [1x2, 2x1]";
        var list = field.Value as ListNode ?? new ListNode(field.Value.Origin) { Items = { field.Value } };
        if (list.Items.Count == 0)
            _values.Wrong(field, Expected);
        var shapes = new List<CellShape>();
        foreach (var item in list.Items)
        {
            if (item is not ScalarNode scalar || ShapePattern.Match(scalar.Text) is not { Success: true } match)
                problems.Add(item.Origin, $"'{field.Path}' holds {item.Describe()}; expected {Expected}");
            else if (IsGood(field, item.Origin, new CellShape(Number(match, 1), Number(match, 2)), shapes, bins) is { } shape)
                shapes.Add(shape);
        }
        return [.. shapes];
    }

    private static int Number(Match match, int group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    /// <summary>The shape, if it goes with those before it and does not have too many codes.</summary>
    private CellShape? IsGood(Field field, Origin origin, CellShape shape, List<CellShape> before, int bins)
    {
        var cells = (double)shape.Height * shape.Width;
        var codes = Math.Pow(1 + 2 * bins, cells);
        string? problem = null;
        if (before.Contains(shape))
            problem = $"holds {shape} twice; remove one of them";
        else if (before.Count > 0 && before[0].Height * before[0].Width != cells)
            problem = $"holds {before[0]} and {shape}, which have different numbers of cells; use one map for each number of cells";
        else if (codes > MostCodes)
        {
            problem = $"holds {shape}: {cells:0} cells of {1 + 2 * bins} levels have {(codes < 1e15 ? $"{codes:N0}" : $"about {codes:0e+0}")} codes; "
                + $"expected at most {MostCodes:N0}: use a smaller shape{(bins == 8 ? " or bins: 4" : "")}";
        }
        if (problem is null)
            return shape;
        problems.Add(origin, $"'{field.Path}' {problem}");
        return null;
    }
}
