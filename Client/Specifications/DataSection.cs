using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Specifications;

namespace ExplicitCluster.Client.Specifications;

/// <summary>Reads <c>data</c>: the sources and the size of a shard. Relative paths are relative to the specification's folder.</summary>
internal sealed class DataSection(ProblemList problems, string folder)
{
    private const string SourceExample = "{ format: csv, path: rows.csv, label: class }";

    private static readonly string[] Keys = ["train", "test", "shardRows"];
    private static readonly string[] LaterKeys = ["split", "vocabulary"];
    private static readonly string[] Formats = ["idx", "csv", "tsv"];
    private static readonly string[] IdxKeys = ["images", "labels"];
    private static readonly string[] TableKeys = ["path", "label", "header"];
    private static readonly string[] SourceKeys = ["format", .. IdxKeys, .. TableKeys, "removed"];

    private readonly FieldValues _values = new(problems);

    /// <summary>The data of a training job: train is required, and every source has labels.</summary>
    public DataSpecification ReadForTraining(Section section) => Read(section, labelsRequired: true, trainRequired: true);

    /// <summary>Data to evaluate or predict on: train or test, or both.</summary>
    public DataSpecification ReadForModel(Section section, bool labelsRequired) =>
        Read(section, labelsRequired, trainRequired: section.Find("test") is null);

    private DataSpecification Read(Section section, bool labelsRequired, bool trainRequired)
    {
        section.RefuseOthers(Keys, LaterKeys);
        var train = trainRequired ? section.Require("train", $"train: {SourceExample}") : section.Find("train");
        var data = new DataSpecification
        {
            Train = train is null ? [] : ReadSources(train, labelsRequired),
            Test = section.Find("test") is { } test ? ReadSources(test, labelsRequired) : [],
        };
        return section.Find("shardRows") is { } field && _values.Whole(field, (1, int.MaxValue), "shardRows: 8192") is { } rows
            ? data with { ShardRows = (int)rows }
            : data;
    }

    private ImmutableArray<SourceSpecification> ReadSources(Field field, bool labelsRequired)
    {
        if (field.Value is not ListNode list)
            return ReadSource(field, labelsRequired) is { } single ? [single] : [];
        if (list.Items.Count == 0)
            _values.Wrong(field, $"a source or a list of sources, e.g. {SourceExample}");
        var sources = list.Items.Select((item, index) => ReadSource(new Field($"{field.Path}.{index}", item.Origin, item), labelsRequired));
        return [.. sources.OfType<SourceSpecification>()];
    }

    private SourceSpecification? ReadSource(Field field, bool labelsRequired)
    {
        if (Section.Of(problems, field, SourceExample) is not { } section)
            return null;
        section.RefuseOthers(SourceKeys, []);
        if (section.Require("format", "format: idx") is not { } formatField || _values.Choice(formatField, Formats) is not { } format)
            return null;
        var source = (SourceFormat)format == SourceFormat.Idx
            ? ReadIdx(section, labelsRequired)
            : ReadTable(section, (SourceFormat)format, labelsRequired);
        return section.Find("removed") is { } removed ? source with { Removed = ReadRemoved(removed) } : source;
    }

    private ImmutableArray<RemovedRows> ReadRemoved(Field field)
    {
        const string Expected = $"a list of {RowRanges.Expected}, e.g. removed: [1000-1999, 5]";
        var items = field.Value is ListNode list ? list.Items : [field.Value];
        if (items.Count == 0)
            _values.Wrong(field, Expected);
        var ranges = new List<RemovedRows>();
        foreach (var item in items)
        {
            if (item is ScalarNode scalar && RowRanges.Parse(scalar.Text) is { } rows)
                ranges.Add(rows);
            else
                problems.Add(item.Origin, $"'{field.Path}' holds {item.Describe()}; expected {Expected}");
        }
        if (RowRanges.Overlap(ranges) is var (first, second))
            problems.Add(field.At, $"'{field.Path}' holds {RowRanges.Of(first)} and {RowRanges.Of(second)}, which overlap; name every row once");
        return RowRanges.Join(ranges);
    }

    private SourceSpecification ReadIdx(Section section, bool labelsRequired)
    {
        section.Refuse(
            TableKeys, key => $"the key '{key}' goes with the formats csv and tsv, and the format is idx; idx takes images and labels");
        var images = section.Require("images", "images: train-images-idx3-ubyte.gz");
        var labels = labelsRequired ? section.Require("labels", "labels: train-labels-idx1-ubyte.gz") : section.Find("labels");
        return new SourceSpecification { Format = SourceFormat.Idx, Images = PathOf(images), Labels = PathOf(labels) };
    }

    private SourceSpecification ReadTable(Section section, SourceFormat format, bool labelsRequired)
    {
        var name = format == SourceFormat.Csv ? "csv" : "tsv";
        section.Refuse(
            IdxKeys, key => $"the key '{key}' goes with the format idx, and the format is {name}; {name} takes path, label and header");
        var path = PathOf(section.Require("path", $"path: rows.{name}"));
        var label = labelsRequired ? section.Require("label", "label: class, or the column's index from 0") : section.Find("label");
        var column = label is null ? null : _values.Text(label, "the name of the label column, or its index from 0");
        var header = section.Find("header") is not { } field || (_values.Truth(field) ?? true);
        if (!header && column is not null && !column.All(char.IsAsciiDigit))
            problems.Add(
                label!.At,
                $"'{label.Path}' is {Quoted.Of(column)} and header is false, so no column has a name; "
                + "give the column's index from 0, e.g. label: 0");
        return new SourceSpecification { Format = format, Path = path, LabelColumn = column, Header = header };
    }

    private string? PathOf(Field? field)
    {
        if (field is null || _values.Text(field, "the path of a file") is not { } path)
            return null;
        if (path.Contains("://", StringComparison.Ordinal))
            problems.Add(
                field.At, $"'{field.Path}' is {Quoted.Of(path)}; this version reads local files only: download it and give its path");
        else if (path.Contains('\0', StringComparison.Ordinal))
            problems.Add(field.At, $"'{field.Path}' is {Quoted.Of(path)}; a path cannot hold the character 0");
        else
            return System.IO.Path.GetFullPath(path, folder);
        return null;
    }
}
