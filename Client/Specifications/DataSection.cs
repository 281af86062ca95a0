using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Specifications;

namespace ExplicitCluster.Client.Specifications;

/// <summary>Reads <c>data</c>: the sources and the size of a shard. Relative paths are relative to the specification's folder.</summary>
internal sealed class DataSection(ProblemList problems, string folder)
{
    private const string SourceExample = "{ format: csv, path: rows.csv, label: class }";

    private static readonly string[] Keys = ["train", "test", "split", "shardRows", "withoutFold"];
    private static readonly string[] Formats = ["idx", "csv", "tsv", "text", "jsonl", "libsvm", "parquet"];
    private static readonly string[] CommonKeys = ["format", "tags", "removed"];
    private static readonly string[] SourceKeys = ["format", "images", "labels", "path", "label", "header", "text", "weight", "document", "tags", "removed"];
    private static readonly string[] Documents = ["line", "file", "blank-line"];

    private readonly FieldValues _values = new(problems);

    /// <summary>The data of a training job: train is required, and every source has labels unless they are of no use.</summary>
    public DataSpecification ReadForTraining(Section section, bool labelsRequired = true) => Read(section, labelsRequired, trainRequired: true);

    /// <summary>Data to evaluate or predict on: train or test, or both.</summary>
    public DataSpecification ReadForModel(Section section, bool labelsRequired) =>
        Read(section, labelsRequired, trainRequired: section.Find("test") is null);

    private DataSpecification Read(Section section, bool labelsRequired, bool trainRequired)
    {
        section.RefuseOthers(Keys, []);
        var train = trainRequired ? section.Require("train", $"train: {SourceExample}") : section.Find("train");
        var data = new DataSpecification
        {
            Train = train is null ? [] : ReadSources(train, labelsRequired),
            Test = section.Find("test") is { } test ? ReadSources(test, labelsRequired) : [],
        };
        if (section.Find("split") is { } splitField)
            data = Split(data, splitField);
        if (section.Find("withoutFold") is { } withoutFold)
            data = data with { WithoutFold = ReadFold(withoutFold) };
        return section.Find("shardRows") is { } field && _values.Whole(field, (1, int.MaxValue), "shardRows: 8192") is { } rows
            ? data with { ShardRows = (int)rows }
            : data;
    }

    private ImmutableArray<SourceSpecification> ReadSources(Field field, bool labelsRequired)
    {
        if (field.Value is not ListNode list)
            return [.. ReadSource(field, labelsRequired)];
        if (list.Items.Count == 0)
            _values.Wrong(field, $"a source or a list of sources, e.g. {SourceExample}");
        return [.. list.Items.SelectMany((item, index) => ReadSource(new Field($"{field.Path}.{index}", item.Origin, item), labelsRequired))];
    }

    /// <summary>One source, or one a file where its path means several.</summary>
    private IEnumerable<SourceSpecification> ReadSource(Field field, bool labelsRequired)
    {
        if (Section.Of(problems, field, SourceExample) is not { } section)
            return [];
        section.RefuseOthers(SourceKeys, []);
        if (section.Require("format", "format: idx") is not { } formatField || _values.Choice(formatField, Formats) is not { } format)
            return [];
        var (of, name) = ((SourceFormat)format, Formats[format]);
        var known = KeysOf(of);
        section.Refuse(SourceKeys.Except([.. known, .. CommonKeys]), key => $"{GoesWith(key)}, and the format is {name}; {name} takes {KeyNames.List(known)}");
        var source = of switch
        {
            SourceFormat.Idx => ReadIdx(section, labelsRequired),
            SourceFormat.Text => ReadText(section),
            SourceFormat.Jsonl or SourceFormat.Parquet => ReadKeyed(section, of),
            SourceFormat.Libsvm => new SourceSpecification { Format = of, Path = PathOf(section.Require("path", "path: rows.svm")) },
            _ => ReadTable(section, of, labelsRequired),
        };
        if (section.Find("removed") is { } removed)
            source = source with { Removed = ReadRemoved(removed) };
        if (section.Find("tags") is { } tags)
            source = source with { Tags = new TagSection(problems).Read(tags) };
        var pathField = section.Find(of == SourceFormat.Idx ? "images" : "path");
        if ((source.Images ?? source.Path) is { } named && TaggedPath.HasKeys(named))
            return new TagSection(problems).Expand(pathField!, source);
        return source.Path is { } path && SourceFiles.Find(path) is { } files ? Several(pathField!, source, files) : [source];
    }

    private IEnumerable<SourceSpecification> Several(Field field, SourceSpecification source, IReadOnlyList<string> files)
    {
        if (files.Count is 0 or > SourceFiles.Most)
            problems.Add(field.At, $"'{field.Path}' is {field.Value.Describe()}, which means {(files.Count == 0 ? "no file" : $"more than {SourceFiles.Most} files")}; expected 1 to {SourceFiles.Most}: name another folder, or join files");
        else if (files.Count > 1 && !source.Removed.IsEmpty)
            problems.Add(field.At, $"'{field.Path}' means {files.Count} files, and removed names rows of one; write a source for each file");
        return files.Select(file => source with { Path = file });
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

    private static string[] KeysOf(SourceFormat format) => format switch
    {
        SourceFormat.Idx => ["images", "labels"],
        SourceFormat.Text => ["path", "document"],
        SourceFormat.Libsvm => ["path"],
        SourceFormat.Jsonl or SourceFormat.Parquet => ["path", "text", "label", "weight"],
        _ => ["path", "label", "header", "text", "weight"],
    };

    private static string GoesWith(string key)
    {
        var formats = Formats.Where((_, format) => KeysOf((SourceFormat)format).Contains(key)).ToList();
        return $"the key '{key}' goes with the {(formats.Count == 1 ? "format" : "formats")} {KeyNames.List(formats)}";
    }

    private SourceSpecification ReadIdx(Section section, bool labelsRequired)
    {
        var images = section.Require("images", "images: train-images-idx3-ubyte.gz");
        var labels = labelsRequired ? section.Require("labels", "labels: train-labels-idx1-ubyte.gz") : section.Find("labels");
        return new SourceSpecification { Format = SourceFormat.Idx, Images = PathOf(images), Labels = PathOf(labels) };
    }

    private SourceSpecification ReadTable(Section section, SourceFormat format, bool labelsRequired)
    {
        var path = PathOf(section.Require("path", format == SourceFormat.Csv ? "path: rows.csv" : "path: rows.tsv"));
        var label = labelsRequired ? section.Require("label", "label: class, or the column's index from 0") : section.Find("label");
        var header = section.Find("header") is not { } field || (_values.Truth(field) ?? true);
        var text = ReadColumn(section.Find("text"), header);
        if (section.Find("weight") is { } weight && section.Find("text") is null)
            problems.Add(weight.At, $"'{weight.Path}' goes with a column of texts; name it, e.g. text: description");
        return new SourceSpecification
        {
            Format = format,
            Path = path,
            LabelColumn = ReadColumn(label, header),
            Header = header,
            TextColumn = text,
            WeightColumn = ReadColumn(section.Find("weight"), header),
        };
    }

    private string? ReadColumn(Field? field, bool header)
    {
        if (field is null)
            return null;
        var key = field.Path[(field.Path.LastIndexOf('.') + 1)..];
        var column = _values.Text(field, $"the name of the {key} column, or its index from 0");
        if (!header && column is not null && !column.All(char.IsAsciiDigit))
            problems.Add(
                field.At,
                $"'{field.Path}' is {Quoted.Of(column)} and header is false, so no column has a name; "
                + $"give the column's index from 0, e.g. {key}: 0");
        return column;
    }

    private SourceSpecification ReadText(Section section) => new()
    {
        Format = SourceFormat.Text,
        Path = PathOf(section.Require("path", "path: book.txt")),
        Document = section.Find("document") is { } field && _values.Choice(field, Documents) is { } cut ? (DocumentCut)cut : DocumentCut.Line,
    };

    private SourceSpecification ReadKeyed(Section section, SourceFormat format) => new()
    {
        Format = format,
        Path = PathOf(section.Require("path", format == SourceFormat.Jsonl ? "path: rows.jsonl" : "path: rows.parquet")),
        TextColumn = section.Find("text") is { } text ? _values.Text(text, "the name of the texts") : null,
        LabelColumn = section.Find("label") is { } label ? _values.Text(label, "the name of the labels") : null,
        WeightColumn = section.Find("weight") is { } weight ? _values.Text(weight, "the name of the weights") : null,
    };

    /// <summary>Training rows and test rows are then those of the same sources, parted by their numbers.</summary>
    private DataSpecification Split(DataSpecification data, Field field)
    {
        const string Example = "split: { every: 10, remainder: 9 }";
        if (Section.Of(problems, field, Example) is not { } section)
            return data;
        section.RefuseOthers(["every", "remainder"], []);
        var every = section.Require("every", Example) is { } period ? _values.Whole(period, (2, int.MaxValue), Example) : null;
        var remainder = section.Require("remainder", Example) is { } rest ? _values.Whole(rest, (0, Math.Max(1, (every ?? int.MaxValue) - 1)), Example) : null;
        if (!data.Test.IsEmpty)
            problems.Add(field.At, $"'{field.Path}' parts data.train, and data.test is given as well; leave one of them out");
        return every is null || remainder is null
            ? data
            : data with
            {
                Test = [.. data.Train.Select(source => source with { Split = new RowSplit((int)every, (int)remainder, IsHeldOut: true) })],
                Train = [.. data.Train.Select(source => source with { Split = new RowSplit((int)every, (int)remainder, IsHeldOut: false) })],
            };
    }

    private FoldSpecification? ReadFold(Field field)
    {
        const string Example = "withoutFold: { of: 5, fold: 2 }";
        if (Section.Of(problems, field, Example) is not { } section)
            return null;
        section.RefuseOthers(["of", "fold"], []);
        var of = section.Require("of", Example) is { } count ? _values.Whole(count, (2, GridSpecification.MostFolds), Example) : null;
        var fold = section.Require("fold", Example) is { } index ? _values.Whole(index, (0, (of ?? GridSpecification.MostFolds) - 1), Example) : null;
        return of is null || fold is null ? null : new FoldSpecification((int)of, (int)fold);
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
