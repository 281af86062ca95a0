using System.Text;
using System.Text.Unicode;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Features;
using ExplicitCluster.Numerics.Layers;

namespace ExplicitCluster.Grains.Models;

/// <summary>What a person calls an input: a pixel by row and column, a column by its name, a patch by its corner and its levels, cells by their corners and directions, windows of a layer by their corners and classes.</summary>
public static class InputNames
{
    public static string Of(TrainedModel model, int input)
    {
        if (model.Vocabulary is { } vocabulary)
            return FeatureOf(model, vocabulary, input);
        var layout = model.Encoder.Layout;
        var index = model.MapOf(input);
        var (map, feature, shape) = (layout.Maps[index], model.Description.Encoding.Features[index], model.Encoder.Shape);
        var local = input - map.FirstInput;
        switch (feature.Map)
        {
            case FeatureMapKind.Pixels:
                return Value(model, local);
            case FeatureMapKind.Complement:
                return local < shape.Columns ? Value(model, local) : $"not {Value(model, local - shape.Columns)}";
            case FeatureMapKind.Bins:
                var (column, level) = Math.DivRem(local, feature.Levels.Length + 1);
                return $"{Value(model, column)} {Interval(feature, level)}";
            case FeatureMapKind.Orientations:
                return Cells(feature, (OrientationMap)model.Encoder.Maps[index], shape, local);
            case FeatureMapKind.Layer:
                return model.Encoder.Maps[index] is WindowClassMap classes ? Windows(feature.Solved!, classes, local) : Probability(feature.Solved!, (SoftmaxMap)model.Encoder.Maps[index], local);
            default:
                var codes = map.Inputs / map.Blocks;
                var across = (shape.Width - feature.Width) / feature.Stride + 1;
                var (block, code) = Math.DivRem(local, codes);
                return $"patch ({block / across * feature.Stride}, {block % across * feature.Stride}) {Levels(feature, code)}";
        }
    }

    private static string FeatureOf(TrainedModel model, Vocabulary vocabulary, int input)
    {
        var (group, place) = vocabulary.Locate(input);
        var name = model.Encoder.Layout.Maps[group].Name;
        if (vocabulary.HashBits[group] > 0)
            return $"{name} bucket {place}";
        return model.Description.Text!.IsSparse ? $"index {IndexKey.Of(vocabulary[input])}" : $"{name} '{TextOf(vocabulary[input])}'";
    }

    /// <summary>As text; bytes that are none, as those of byte tokens, as <c>\xE9</c>.</summary>
    private static string TextOf(ReadOnlySpan<byte> feature)
    {
        if (Utf8.IsValid(feature))
            return Encoding.UTF8.GetString(feature);
        var text = new StringBuilder();
        foreach (var b in feature)
            text.Append(b < 0x80 ? $"{(char)b}" : $"\\x{b:X2}");
        return text.ToString();
    }

    private static string Value(TrainedModel model, int column)
    {
        var shape = model.Encoder.Shape;
        if (shape.IsImage)
            return $"pixel ({column / shape.Width}, {column % shape.Width})";
        return model.Description.ColumnNames.Length > column ? model.Description.ColumnNames[column] : $"column {column}";
    }

    private static string Interval(FeatureMapSpecification feature, int level)
    {
        var low = level == 0 ? "" : FormattableString.Invariant($">= {feature.Levels[level - 1]}");
        var high = level == feature.Levels.Length ? "" : FormattableString.Invariant($"< {feature.Levels[level]}");
        return (low + " " + high).Trim();
    }

    /// <summary>Corners of the cells and their gradients: flat, or weak or strong with degrees from +x to +y, e.g. cells (4, 0) (4, 4): strong 90, flat.</summary>
    private static string Cells(FeatureMapSpecification feature, OrientationMap map, RowShape shape, int local)
    {
        var (across, _) = map.GridOf(shape);
        var (block, code) = Math.DivRem(local, map.Codes);
        var corners = new List<string>();
        foreach (var cell in map.CellsOf(shape).AsSpan(block * map.CellsOfBlock, map.CellsOfBlock))
            corners.Add($"({cell / across * feature.Stride}, {cell % across * feature.Stride})");
        var gradients = new string[map.CellsOfBlock];
        for (var i = gradients.Length - 1; i >= 0; i--)
        {
            (code, var level) = Math.DivRem(code, 1 + 2 * feature.Bins);
            gradients[i] = level == 0 ? "flat" : $"{(level % 2 == 0 ? "strong" : "weak")} {(level - 1) / 2 * 45}";
        }
        return $"cells {string.Join(' ', corners)}: {string.Join(", ", gradients)}";
    }

    /// <summary>The best classes of windows, named by their corners in the layer below, e.g. layer 1: (0, 3) Coat, (6, 6) Shirt.</summary>
    private static string Windows(SolvedLayer layer, WindowClassMap map, int local)
    {
        var (block, code) = Math.DivRem(local, map.Codes);
        var windows = map.WindowsOf(block);
        var names = new string[windows.Count];
        for (var i = names.Length - 1; i >= 0; i--)
        {
            (code, var best) = Math.DivRem(code, map.Targets.Outcomes);
            names[i] = Corner(layer, map.Windows, windows[i]) + (layer.Settings.Targets is { Code: > 0 } ? CodeOf(best, map.Targets.Problems) : layer.Merged.Labels[best]);
        }
        return $"layer {layer.Number}: {string.Join(", ", names)}";
    }

    /// <summary>The probability of a class in a window, e.g. layer 1: (0, 3) P(Coat), or of a value of a bit of the label codes, e.g. layer 1: (0, 3) P(bit 2 is 0).</summary>
    private static string Probability(SolvedLayer layer, SoftmaxMap map, int local)
    {
        var (c, window) = Math.DivRem(local, map.Windows.Count);
        var name = layer.Settings.Targets is { Code: > 0 } ? $"bit {c / 2 + 1} is {c % 2}" : layer.Merged.Labels[c];
        return $"layer {layer.Number}: {Corner(layer, map.Windows, window)}P({name})";
    }

    /// <summary>Digits of a label code, the first bit first.</summary>
    private static string CodeOf(int code, int bits) => Convert.ToString(code, 2).PadLeft(bits, '0');

    /// <summary>Of texts the groups of a window, e.g. words chars.</summary>
    private static string Corner(SolvedLayer layer, WindowGrid windows, int window) => layer.Settings is { Windows: not null, Text: { } text }
        ? $"{string.Join(' ', text.Groups.Skip(window * windows.Stride).Take(windows.Size.Width).Select(group => group.Map.ToString().ToLowerInvariant()))} "
        : layer.Settings.Windows is null ? "" : $"({window / windows.Windows.Across * windows.Stride}, {window % windows.Windows.Across * windows.Stride}) ";

    /// <summary>The levels of a patch row by row, e.g. 012/001/000.</summary>
    private static string Levels(FeatureMapSpecification feature, int code)
    {
        var digits = new char[feature.Width * feature.Height];
        for (var i = digits.Length - 1; i >= 0; i--)
        {
            var digit = code % (feature.Levels.Length + 1);
            digits[i] = (char)(digit < 10 ? '0' + digit : 'a' + digit - 10);
            code /= feature.Levels.Length + 1;
        }
        return string.Join('/', digits.Chunk(feature.Width).Select(row => new string(row)));
    }
}
