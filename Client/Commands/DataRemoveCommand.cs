using System.Collections.Immutable;
using System.CommandLine;
using ExplicitCluster.Abstractions.Errors;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Client.Manifests;
using ExplicitCluster.Client.Rendering;
using ExplicitCluster.Client.Specifications;
using ExplicitCluster.Data.Sources;

namespace ExplicitCluster.Client.Commands;

/// <summary><c>explicit data remove SPEC SOURCE</c>: takes a training source, or rows of it, out of the specification. No file with data is touched.</summary>
internal static class DataRemoveCommand
{
    private static readonly Argument<string> Source = new("SOURCE") { Description = "The source: its number, its path, or a part of it that no other path has." };

    public static Option<string[]> RowsOption { get; } = new("--rows")
    {
        Description = "Only these rows of the source, numbered from 0, both ends included; may be given several times.",
        HelpName = "FIRST-LAST",
    };

    public static Command Create()
    {
        var command = new Command("remove", "Removes a source, or rows of one, from data.train of a specification.") { TrainCommand.SpecificationArgument, Source, RowsOption };
        command.SetAction(RunAsync);
        return command;
    }

    /// <summary>The ranges of --rows; empty where it is not given.</summary>
    /// <exception cref="UsageException">One is no range, or two overlap.</exception>
    public static ImmutableArray<RemovedRows> RangesOf(ParseResult parsed)
    {
        var texts = parsed.GetValue(RowsOption) ?? [];
        var ranges = texts
            .Select(text => RowRanges.Parse(text) ?? throw new UsageException($"--rows {Quoted.Of(text)} is no range of rows", $"give {RowRanges.Expected}"))
            .ToImmutableArray();
        return RowRanges.Overlap(ranges) is var (first, second)
            ? throw new UsageException($"--rows {RowRanges.Of(first)} and {RowRanges.Of(second)} overlap", "name every row once")
            : RowRanges.Join(ranges);
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var context = CommandContext.Of(parsed);
        var path = parsed.GetRequiredValue(TrainCommand.SpecificationArgument);
        var ranges = RangesOf(parsed);
        var file = ManifestFile.Open(path);
        var index = SourceLookup.Find(file.Sources, parsed.GetRequiredValue(Source), path);
        var source = file.Sources[index];
        if (!ranges.IsEmpty)
        {
            var reader = new SourceReader(await context.OpenStoreAsync(cancellationToken));
            file.SetRemoved(index, await RemovedAsync(reader, source, index, ranges, cancellationToken));
            ManifestView.Show(new ManifestChange("removed", index, SourceLookup.PathsOf(source), ranges, ManifestChange.CountOf(ranges), file.Sources.Length), context.Json, Console.Out);
            return ExitCode.Done;
        }
        if (file.Sources.Length == 1)
            throw new JobException($"{SourceLookup.NameOf(source)} is the last training source of {path}", "add another before it, or remove only rows of it with --rows");
        file.Remove(index);
        ManifestView.Show(new ManifestChange("removed", index, SourceLookup.PathsOf(source), [], null, file.Sources.Length - 1), context.Json, Console.Out);
        return ExitCode.Done;
    }

    /// <summary>All that is then removed from the source.</summary>
    private static async Task<ImmutableArray<RemovedRows>> RemovedAsync(
        SourceReader reader, SourceSpecification source, int index, ImmutableArray<RemovedRows> ranges, CancellationToken cancellationToken)
    {
        var name = $"source {index}, {SourceLookup.NameOf(source)},";
        if (ranges.Select(rows => RowRanges.Overlap([rows, .. source.Removed])).FirstOrDefault(pair => pair is not null) is var (first, second))
            throw new JobException($"rows {RowRanges.Of(first)} and {RowRanges.Of(second)} of {name} overlap, and one of them is removed already", "leave out what is removed already");
        var rows = (await reader.OpenAsync(source with { Removed = [] }, labelsRequired: true, cancellationToken)).Rows;
        if (ranges[^1].Last >= rows)
            throw new JobException($"rows {RowRanges.Of(ranges[^1])} are not all in {name} which has rows 0 to {rows - 1}", "give rows that it has");
        var removed = RowRanges.Join([.. source.Removed, .. ranges]);
        return ManifestChange.CountOf(removed) < rows
            ? removed
            : throw new JobException($"no row of {name} would be left", "remove the source itself: leave --rows out");
    }
}
