using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Specifications;

namespace ExplicitCluster.Client.Specifications;

/// <summary>Reads <c>features</c>: one map or a list of maps side by side, checked as far as no data is needed.</summary>
/// <param name="problems">Where mistakes go.</param>
/// <param name="below">The layers that the map <c>layer</c> may stand for.</param>
internal sealed class FeatureSection(ProblemList problems, ImmutableArray<LayerSpecification> below)
{
    private const int MostCodes = 1 << 16;
    private const int MostLevels = 255;
    private const string Example = "features: pixels";

    public static readonly string[] Maps = ["pixels", "complement", "bins", "patches", "orientations", "layer"];
    private static readonly string[] LanguageMaps = ["context"];
    private static readonly string[][] KeysOfMap = [[], [], ["levels"], ["width", "height", "levels", "stride"], OrientationSection.Keys, ["number"]];
    private static readonly string[] Keys = [.. KeysOfMap.SelectMany(keys => keys).Prepend("map").Distinct()];

    private readonly FieldValues _values = new(problems);
    private readonly List<(FeatureMapSpecification Map, Origin Origin)> _maps = [];

    public ImmutableArray<FeatureMapSpecification> Read(Field field)
    {
        if (field.Value is ListNode list)
        {
            if (list.Items.Count == 0)
                _values.Wrong(field, $"a map or a list of maps, e.g. {Example}");
            for (var i = 0; i < list.Items.Count; i++)
                ReadMap(new Field($"{field.Path}.{i}", list.Items[i].Origin, list.Items[i]));
        }
        else
        {
            ReadMap(field);
        }
        return [.. _maps.Select(item => item.Map)];
    }

    /// <summary>Whether the maps make blocks, as far as they could be read.</summary>
    public bool AreBlocks => _maps.TrueForAll(item => !IsDense(item.Map));

    /// <summary>Windows and cells need images: refuses patches and orientations where a source is a table.</summary>
    public void RefuseImageMapsOn(DataSpecification data)
    {
        var table = data.Train.Concat(data.Test).FirstOrDefault(source => source.Format != SourceFormat.Idx);
        if (table is null)
            return;
        var format = table.Format == SourceFormat.Csv ? "csv" : "tsv";
        foreach (var (map, origin) in _maps.Where(item => item.Map.Map is FeatureMapKind.Patches or FeatureMapKind.Orientations))
        {
            problems.Add(
                origin,
                $"the map '{Maps[(int)map.Map]}' needs images, and a source of data has format {format}; use idx images, or the map 'pixels' or 'bins'");
        }
    }

    private void ReadMap(Field field)
    {
        if (field.Value is ScalarNode { IsNull: false })
        {
            if (KindOf(field) is { } bare)
                _maps.Add((Complete(bare, null, field.Value.Origin), field.Value.Origin));
            return;
        }
        if (Section.Of(problems, field, "{ map: patches, width: 3, height: 3, levels: [32, 128], stride: 2 }") is not { } section)
            return;
        if (section.Require("map", "map: pixels") is not { } name || KindOf(name) is not { } kind)
            return;
        section.RefuseOthers(Keys, []);
        var mine = KeysOfMap[(int)kind];
        section.Refuse(
            Keys.Where(key => key != "map" && !mine.Contains(key)),
            key => $"the map '{Maps[(int)kind]}' has no '{key}'; "
                + $"{(KeyNames.Nearest(key, mine) is { } nearest ? $"did you mean '{nearest}'?" : Settings(mine))}");
        _maps.Add((Complete(kind, section, name.Value.Origin), name.Value.Origin));
    }

    private static string Settings(string[] mine) =>
        $"{(mine.Length == 0 ? "it has no settings" : $"its settings are {KeyNames.List(mine)}")}: remove it";

    private FeatureMapKind? KindOf(Field field)
    {
        if (field.Value is ScalarNode scalar && LanguageMaps.Contains(scalar.Text))
        {
            problems.Add(field.At, $"the map '{scalar.Text}' is of language models; add task: language-model, or use {KeyNames.List([.. Maps, .. TextSection.Maps])}");
            return null;
        }
        return _values.Choice(field, [.. Maps, .. TextSection.Maps]) is { } index ? (FeatureMapKind)index : null;
    }

    private FeatureMapSpecification Complete(FeatureMapKind kind, Section? section, Origin origin)
    {
        var map = new FeatureMapSpecification { Map = kind };
        if (kind is FeatureMapKind.Pixels or FeatureMapKind.Complement)
            return map;
        if (kind == FeatureMapKind.Orientations)
            return new OrientationSection(problems).Read(map, section, origin);
        if (kind == FeatureMapKind.Layer)
            return map with { Number = ReadNumber(section, origin) };
        map = map with { Levels = Levels(kind, section, origin) ?? [] };
        if (kind == FeatureMapKind.Bins)
            return map;
        map = map with { Width = Size(section, "width", origin), Height = Size(section, "height", origin) };
        if (section?.Find("stride") is { } stride && _values.Whole(stride, (1, int.MaxValue), "stride: 2") is { } step)
            map = map with { Stride = (int)step };
        RefuseManyCodes(map, origin);
        return map;
    }

    /// <summary>The layer just below where none is named.</summary>
    private int ReadNumber(Section? section, Origin origin)
    {
        if (below.IsEmpty)
        {
            problems.Add(origin, "the map 'layer' stands for a layer below, and there is none; add 'layers', or list this layer above another");
            return 0;
        }
        return section?.Find("number") is { } field ? (int)(_values.Whole(field, (1, below.Length), "number: 1") ?? below.Length) : below.Length;
    }

    private ImmutableArray<double>? Levels(FeatureMapKind kind, Section? section, Origin origin)
    {
        if (section?.Find("levels") is { } field)
            return _values.Ascending(field, NumberRule.AtLeast0, (1, MostLevels), "levels: [32, 128]");
        problems.Add(origin, $"the map '{Maps[(int)kind]}' needs 'levels', its thresholds; add them, e.g. levels: [32, 128]");
        return null;
    }

    private int Size(Section? section, string key, Origin origin)
    {
        if (section?.Find(key) is { } field)
            return (int)(_values.Whole(field, (1, 16_384), $"{key}: 3") ?? 0);
        problems.Add(origin, $"the map 'patches' needs '{key}', its pixels {(key == "width" ? "across" : "down")}; add it, e.g. {key}: 3");
        return 0;
    }

    private void RefuseManyCodes(FeatureMapSpecification map, Origin origin)
    {
        var levels = map.Levels.Length + 1;
        if (levels == 1 || map.Width == 0 || map.Height == 0)
            return;
        var codes = Math.Pow(levels, (double)map.Width * map.Height);
        if (codes > MostCodes)
        {
            problems.Add(origin, $"the map 'patches' has {levels} levels ({map.Levels.Length} thresholds) on {map.Width} x {map.Height} pixels, "
                + $"{(codes < 1e15 ? $"{codes:N0}" : $"about {codes:0e+0}")} codes a window; "
                + $"expected at most {MostCodes:N0}: use smaller windows or fewer thresholds");
        }
    }

    /// <summary>Dense maps and blocks meet only where each map has a K of its own.</summary>
    public void RefuseMixed()
    {
        var dense = _maps.Find(item => IsDense(item.Map));
        var blocks = _maps.Find(item => !IsDense(item.Map));
        if (dense.Map is null || blocks.Map is null)
            return;
        problems.Add(
            blocks.Origin,
            $"mixed features: '{Maps[(int)dense.Map.Map]}' is dense and '{Maps[(int)blocks.Map.Map]}' makes blocks, and one row is either; "
            + "use pixels and complement together, or bins, patches and orientations together, or give each map a K of its own with solve.k: groups");
    }

    private bool IsDense(FeatureMapSpecification map) => map.Map is FeatureMapKind.Pixels or FeatureMapKind.Complement
        || (map.Map == FeatureMapKind.Layer && map.Number > 0 && below[map.Number - 1].Activation == LayerActivation.Softmax);
}
