using System.CommandLine;
using System.CommandLine.Parsing;
using ExplicitCluster.Abstractions.Errors;
using ExplicitCluster.Client.Hosting;
using ExplicitCluster.Client.Specifications;
using ExplicitCluster.Data.Sources;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Tokens;
using Microsoft.Extensions.Options;

namespace ExplicitCluster.Client.Commands;

/// <summary>The command <c>explicit</c>: its verbs, and the one place where errors become lines and exit codes.</summary>
internal static class ExplicitCommand
{
    private static readonly TimeSpan CancellationPeriod = TimeSpan.FromSeconds(20);

    public static async Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand("Solves softmax layers in closed form from co-occurrence statistics. Exit codes: 0 done, 1 failed, 2 wrong usage, 3 cancelled, or stopped watching.")
        {
            TrainCommand.Create(),
            JobsCommand.Create(),
            ModelsCommand.Create(),
            DataCommand.Create(),
            ClusterCommand.Create(),
            StudyCommand.Create(),
        };
        root.Options.Add(CommandContext.StoreOption);
        root.Options.Add(CommandContext.ClusterOption);
        root.Options.Add(CommandContext.JsonOption);
        root.Options.Add(CommandContext.VerboseOption);
        var parsed = root.Parse(args);
        var flags = UnknownFlags(parsed);
        if (flags.Count > 0 || parsed.Errors.Count > 0)
        {
            foreach (var line in flags.Count > 0 ? flags : parsed.Errors.Select(error => error.Message))
                Line(line);
            Line($"see '{PathOf(parsed.CommandResult)} --help'");
            return ExitCode.WrongUsage;
        }
        var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = StopPeriodOf(parsed) };
        try
        {
            using var tracing = ClientTracing.Start(PathOf(parsed.CommandResult));
            return await parsed.InvokeAsync(configuration);
        }
        catch (Exception exception)
        {
            return Report(exception, parsed.GetValue(CommandContext.VerboseOption));
        }
    }

    /// <summary>Words like <c>--sett</c>, which would else be taken for the name of a file.</summary>
    private static List<string> UnknownFlags(ParseResult parsed)
    {
        var known = new List<string>();
        for (var command = parsed.CommandResult; command is not null; command = command.Parent as CommandResult)
            known.AddRange(command.Command.Options.Where(option => command == parsed.CommandResult || option.Recursive).Select(option => option.Name));
        return
        [
            .. parsed.Tokens
                .TakeWhile(token => token.Type != TokenType.DoubleDash)
                .Where(token => token.Type == TokenType.Argument && token.Value.StartsWith("--", StringComparison.Ordinal))
                .Select(token => $"unknown flag {Quoted.Of(token.Value)}; {KeyNames.Suggest(token.Value, known, ("flag", "flags here"))}"),
        ];
    }

    private static TimeSpan StopPeriodOf(ParseResult parsed) => parsed.CommandResult.Command.Name == "up" ? ClusterUpCommand.StopPeriod : CancellationPeriod;

    /// <summary>The words that lead to a command, e.g. <c>explicit models compare</c>.</summary>
    private static string PathOf(CommandResult command) =>
        command.Parent is CommandResult parent ? $"{PathOf(parent)} {command.Command.Name}" : "explicit";

    /// <summary>Prints a cause and a remedy, and gives the exit code.</summary>
    private static int Report(Exception exception, bool verbose)
    {
        if (verbose)
            Line(exception.ToString());
        switch (exception)
        {
            case SpecificationException specification:
                foreach (var problem in specification.Problems)
                    Line(problem.ToString());
                return ExitCode.WrongUsage;
            case UsageException usage:
                return Lines(ExitCode.WrongUsage, usage.Message, usage.Remedy);
            case OptionsValidationException options:
                return Lines(ExitCode.WrongUsage, string.Join("; ", options.Failures), "correct the setting in the environment (EXPLICIT__NAME) or on the command line");
            case InvalidOperationException conversion when conversion.Message.StartsWith("Failed to convert configuration value", StringComparison.Ordinal):
                return Lines(ExitCode.WrongUsage, conversion.Message, "correct the setting in the environment (EXPLICIT__NAME)");
            case OperationCanceledException:
                return Lines(ExitCode.Cancelled, "cancelled", null);
            case JobException job:
                return Lines(ExitCode.Failed, job.Message, job.Remedy);
            case SourceException source:
                return Lines(ExitCode.Failed, source.Message, source.Remedy);
            case StoreException store:
                return Lines(ExitCode.Failed, store.Message, store.Remedy);
            case FeatureException feature:
                return Lines(ExitCode.Failed, feature.Message, feature.Remedy);
            case TokenException token:
                return Lines(ExitCode.Failed, token.Message, token.Remedy);
            default:
                return Lines(ExitCode.Failed, $"{exception.GetType().Name}: {exception.Message}", "run again with --verbose for the details");
        }
    }

    private static int Lines(int code, string cause, string? remedy)
    {
        Line(cause);
        if (remedy is not null)
            Line($"  {remedy}");
        return code;
    }

    private static void Line(string text) => Console.Error.WriteLine(text);
}
