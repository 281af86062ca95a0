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
    private static readonly Option<string?> Table = new("--path") { Description = "CSV or TSV file of the new source.", HelpName = "FILE" };
    private static readonly Option<string?> Label = new("--label") { Description = "Its label column, by name or by index from 0.", HelpName = "COLUMN" };
    private static readonly Option<bool> NoHeader = new("--no-header") { Description = "Its first line is a row and names no columns." };
    private static readonly Option<string?> Format = FormatOf(new Option<string?>("--format") { Description = "csv or tsv; default: by the file's name, csv in doubt." });
    private static readonly Option<string[]> Tag = new("--tag") { Description = "A tag of the new source, e.g. --tag day=2026-11-01; may be given several times.", HelpName = "KEY=VALUE" };
    private static readonly Option<bool> Again = new("--again") { Description = "Add a source that is there already; its rows then count twice." };

    public static Command Create()
    {
        var command = new Command("add", "Adds a source to data.train of a specification, or puts removed rows back.")
        {
            TrainCommand.SpecificationArgument, Source, DataRemoveCommand.RowsOption, Images, Labels, Table, Label, NoHeader, Format, Tag, Again,
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
        var added = await reader.OpenAsync(source, labelsRequired: true, cancellationToken);
        var others = new List<SourceManifest>();
        foreach (var other in file.Sources)
            others.Add(await reader.OpenAsync(other, labelsRequired: true, cancellationToken));
        if (!parsed.GetValue(Again))
            CheckNew(others.FindIndex(other => other.Id == added.Id), path, $"the content of {SourceLookup.NameOf(source)}");
        SourceAgreement.Check([.. others, added], []);
        file.Add(source);
        ManifestView.Show(new ManifestChange("added", file.Sources.Length, SourceLookup.PathsOf(source), [], added.Rows, file.Sources.Length + 1), context.Json, Console.Out);
        return ExitCode.Done;
    }

    private static Option[] SourceOptions => [Images, Labels, Table, Label, NoHeader, Format, Tag, Again];

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
            if (labels is null || label is not null || parsed.GetValue(NoHeader) || parsed.GetValue(Format) is not null)
                throw new UsageException(labels is null ? "--images needs --labels" : "--label, --no-header and --format go with --path, not with --images", Give);
            return new SourceSpecification { Format = SourceFormat.Idx, Images = FullPath(images), Labels = FullPath(labels) };
        }
        if (string.IsNullOrEmpty(label) || labels is not null)
            throw new UsageException(labels is not null ? "--labels goes with --images, not with --path" : "--path needs --label", Give);
        if (parsed.GetValue(NoHeader) && !label.All(char.IsAsciiDigit))
            throw new UsageException($"--label is '{Quoted.Escape(label)}', and with --no-header no column has a name", "give the column's index from 0, e.g. --label 0");
        var isTsv = parsed.GetValue(Format) is { } format ? format == "tsv" : IsNamedTsv(table!);
        return new SourceSpecification { Format = isTsv ? SourceFormat.Tsv : SourceFormat.Csv, Path = FullPath(table!), LabelColumn = label, Header = !parsed.GetValue(NoHeader) };
    }

    private static string FullPath(string path) => path.Length > 0 && !path.Contains('\0', StringComparison.Ordinal)
        ? Path.GetFullPath(path)
        : throw new UsageException("the path of a source is empty or holds the character 0", "name a file");

    private static bool IsNamedTsv(string path) =>
        path.EndsWith(".tsv", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".tsv.gz", StringComparison.OrdinalIgnoreCase);

    private static void CheckNew(int index, string path, string what)
    {
        if (index >= 0)
            throw new JobException($"{what} is in {path} already, as training source {index}", "to count its rows twice, add --again");
    }

    private static Option<string?> FormatOf(Option<string?> option)
    {
        option.AcceptOnlyFromAmong("csv", "tsv");
        return option;
    }

    private static IEqualityComparer<SourceSpecification> HasSameFiles { get; } =
        EqualityComparer<SourceSpecification>.Create((left, right) => SourceLookup.PathsOf(left!).SequenceEqual(SourceLookup.PathsOf(right!)), source => source.Format.GetHashCode());
}
