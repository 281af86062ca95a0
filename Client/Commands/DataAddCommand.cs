using System.Collections.Immutable;
using System.CommandLine;
using ExplicitCluster.Abstractions.Errors;
using ExplicitCluster.Abstractions.Shards;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Client.Manifests;
using ExplicitCluster.Client.Rendering;
using ExplicitCluster.Client.Specifications;
using ExplicitCluster.Data.Sources;
using ExplicitCluster.Grains.Jobs;

namespace ExplicitCluster.Client.Commands;

/// <summary>
/// <c>explicit data add SPEC ...</c>: writes one more training source into the specification, once it is known to go with the others; or, with
/// SOURCE, puts rows back that were removed from one.
/// </summary>
internal static class DataAddCommand
{
    private static readonly Argument<string?> Source = new("SOURCE")
    {
        Description = "A source of the specification to put removed rows back into: its number, its path or a part of it.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<string?> Images = new("--images") { Description = "IDX images of the new source.", HelpName = "FILE" };
    private static readonly Option<string?> Labels = new("--labels") { Description = "IDX labels that go with them.", HelpName = "FILE" };
    private static readonly Option<string?> Table = new("--path") { Description = "File of the new source, of any other format.", HelpName = "FILE" };
    private static readonly Option<string?> Label = new("--label") { Description = "Its labels: a column by name or by index from 0, or a key.", HelpName = "COLUMN" };
    private static readonly Option<string?> Text = new("--text") { Description = "Its texts, likewise.", HelpName = "COLUMN" };
    private static readonly Option<string?> Weight = new("--weight") { Description = "Its weights of rows, likewise.", HelpName = "COLUMN" };
    private static readonly Option<bool> NoHeader = new("--no-header") { Description = "Its first line is a row and names no columns." };
    private static readonly Option<string?> Format = FormatOf(new Option<string?>("--format") { Description = "csv, tsv, text, jsonl, parquet or libsvm; default: by the file's name, csv in doubt." });
    private static readonly Option<string[]> Tag = new("--tag") { Description = "A tag of the new source, e.g. --tag day=2026-11-01; may be given several times.", HelpName = "KEY=VALUE" };
    private static readonly Option<bool> Again = new("--again") { Description = "Add a source that is there already; its rows then count twice." };

    public static Command Create()
    {
        var command = new Command("add", "Adds a source to data.train of a specification, or puts removed rows back.")
        {
            TrainCommand.SpecificationArgument, Source, DataRemoveCommand.RowsOption, Images, Labels, Table, Label, Text, Weight, NoHeader, Format, Tag, Again,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var context = CommandContext.Of(parsed);
        var path = parsed.GetRequiredValue(TrainCommand.SpecificationArgument);
        var ranges = DataRemoveCommand.RangesOf(parsed);
        if (parsed.GetValue(Source) is { } name)
        {
            if (SourceOptions.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } option)
                throw new UsageException($"{option.Name} describes a new source, and '{Quoted.Escape(name)}' is one of the specification", "leave one of them out");
            return PutBack(ManifestFile.Open(path), path, name, ranges, context);
        }
        if (!ranges.IsEmpty)
            throw new UsageException("--rows puts rows back into a source, and no source is given", "name it after the specification, e.g. explicit data add SPEC 0 --rows 1000-1999");
        var source = SourceOf(parsed) with { Tags = TagSection.Parse(parsed.GetValue(Tag) ?? []) };
        var file = ManifestFile.Open(path);
        if (!parsed.GetValue(Again))
            CheckNew(file.Sources.IndexOf(source, 0, HasSameFiles), path, SourceLookup.NameOf(source));
        var reader = new SourceReader(await context.OpenStoreAsync(cancellationToken));
        var labelsRequired = file.Specification.Language is null;
        var added = await reader.OpenAsync(source, labelsRequired, cancellationToken);
        var others = new List<SourceManifest>();
        foreach (var other in file.Sources)
            others.Add(await reader.OpenAsync(other, labelsRequired, cancellationToken));
        if (!parsed.GetValue(Again))
            CheckNew(others.FindIndex(other => other.Id == added.Id), path, $"the content of {SourceLookup.NameOf(source)}");
        SourceAgreement.Check([.. others, added], []);
        file.Add(source);
        ManifestView.Show(new ManifestChange("added", file.Sources.Length, SourceLookup.PathsOf(source), [], added.Rows, file.Sources.Length + 1), context.Json, Console.Out);
        return ExitCode.Done;
    }

    private static Option[] SourceOptions => [Images, Labels, Table, Label, Text, Weight, NoHeader, Format, Tag, Again];

    private static int PutBack(ManifestFile file, string path, string name, ImmutableArray<RemovedRows> ranges, CommandContext context)
    {
        var index = SourceLookup.Find(file.Sources, name, path);
        var source = file.Sources[index];
        if (source.Removed.IsEmpty)
            throw new JobException($"no row of source {index}, {SourceLookup.NameOf(source)}, is removed", "see 'explicit data show SPEC'");
        var back = ranges.IsEmpty ? source.Removed : ranges;
        if (back.FirstOrDefault(rows => !source.Removed.Any(removed => removed.First <= rows.First && rows.Last <= removed.Last)) is { } other)
        {
            throw new JobException(
                $"rows {RowRanges.Of(other)} of source {index}, {SourceLookup.NameOf(source)}, are not all removed; removed are {string.Join(", ", source.Removed.Take(8).Select(RowRanges.Of))}",
                "give rows that are removed");
        }
        file.SetRemoved(index, back.Aggregate(source.Removed, (left, rows) => RowRanges.Without(left, rows)));
        ManifestView.Show(new ManifestChange("added", index, SourceLookup.PathsOf(source), back, ManifestChange.CountOf(back), file.Sources.Length), context.Json, Console.Out);
        return ExitCode.Done;
    }

    private static SourceSpecification SourceOf(ParseResult parsed)
    {
        const string Give = "give --images FILE --labels FILE, or --path FILE --label COLUMN";
        var (images, labels, table, label) = (parsed.GetValue(Images), parsed.GetValue(Labels), parsed.GetValue(Table), parsed.GetValue(Label));
        if (images is null == table is null)
            throw new UsageException(images is null ? "no source to add is given" : "--images and --path describe two sources", images is null ? Give : "add them one after the other");
        if (images is not null)
        {
            if (labels is null || label is not null || parsed.GetValue(NoHeader) || parsed.GetValue(Format) is not null || parsed.GetValue(Text) is not null || parsed.GetValue(Weight) is not null)
                throw new UsageException(labels is null ? "--images needs --labels" : "--label, --text, --weight, --no-header and --format go with --path, not with --images", Give);
            return new SourceSpecification { Format = SourceFormat.Idx, Images = FullPath(images), Labels = FullPath(labels) };
        }
        if (labels is not null)
            throw new UsageException("--labels goes with --images, not with --path", Give);
        var format = parsed.GetValue(Format) is { } name ? Enum.Parse<SourceFormat>(name, ignoreCase: true) : FormatOf(table!);
        var source = new SourceSpecification
        {
            Format = format,
            Path = FullPath(table!),
            LabelColumn = label,
            TextColumn = parsed.GetValue(Text),
            WeightColumn = parsed.GetValue(Weight),
            Header = !parsed.GetValue(NoHeader),
        };
        return format is SourceFormat.Csv or SourceFormat.Tsv ? CheckedTable(source, Give) : CheckedOther(source);
    }

    private static SourceSpecification CheckedTable(SourceSpecification source, string give)
    {
        if (string.IsNullOrEmpty(source.LabelColumn) && source.TextColumn is null)
            throw new UsageException("--path needs --label", give);
        if (source is { WeightColumn: not null, TextColumn: null })
            throw new UsageException("--weight goes with a column of texts", "name it, e.g. --text description");
        foreach (var (option, column) in new[] { ("--label", source.LabelColumn), ("--text", source.TextColumn), ("--weight", source.WeightColumn) })
        {
            if (!source.Header && column?.All(char.IsAsciiDigit) == false)
                throw new UsageException($"{option} is '{Quoted.Escape(column)}', and with --no-header no column has a name", $"give the column's index from 0, e.g. {option} 0");
        }
        return source;
    }

    /// <summary>Keys may have other names than label, text and weight where the format has any.</summary>
    private static SourceSpecification CheckedOther(SourceSpecification source)
    {
        var isKeyed = source.Format is SourceFormat.Jsonl or SourceFormat.Parquet;
        if (!source.Header || (!isKeyed && (source.LabelColumn ?? source.TextColumn ?? source.WeightColumn) is not null))
        {
            throw new UsageException(
                $"{(source.Header ? "--label, --text and --weight name columns" : "--no-header is of tables")}, and the format is {source.Format.ToString().ToLowerInvariant()}", "leave them out, or give another --format");
        }
        return source;
    }

    /// <summary>By the ending of the name, that of a compression left out.</summary>
    private static SourceFormat FormatOf(string path)
    {
        var name = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".zst", StringComparison.OrdinalIgnoreCase) ? Path.ChangeExtension(path, null) : path;
        return Path.GetExtension(name).ToLowerInvariant() switch
        {
            ".tsv" => SourceFormat.Tsv,
            ".txt" => SourceFormat.Text,
            ".jsonl" or ".ndjson" => SourceFormat.Jsonl,
            ".parquet" => SourceFormat.Parquet,
            ".svm" or ".libsvm" or ".svmlight" => SourceFormat.Libsvm,
            _ => SourceFormat.Csv,
        };
    }

    private static string FullPath(string path) => path.Length > 0 && !path.Contains('\0', StringComparison.Ordinal)
        ? Path.GetFullPath(path)
        : throw new UsageException("the path of a source is empty or holds the character 0", "name a file");

    private static void CheckNew(int index, string path, string what)
    {
        if (index >= 0)
            throw new JobException($"{what} is in {path} already, as training source {index}", "to count its rows twice, add --again");
    }

    private static Option<string?> FormatOf(Option<string?> option)
    {
        option.AcceptOnlyFromAmong("csv", "tsv", "text", "jsonl", "parquet", "libsvm");
        return option;
    }

    private static IEqualityComparer<SourceSpecification> HasSameFiles { get; } =
        EqualityComparer<SourceSpecification>.Create((left, right) => SourceLookup.PathsOf(left!).SequenceEqual(SourceLookup.PathsOf(right!)), source => source.Format.GetHashCode());
}
