using System.CommandLine;
using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Client.Specifications;

namespace ExplicitCluster.Client.Commands;

/// <summary><c>explicit models ...</c>: the verbs on published models.</summary>
internal static class ModelsCommand
{
    public static Option<string> DataOption { get; } = new("--data")
    {
        Description = "Specification file whose data to use: its data.test, or the part that --part names.",
        HelpName = "SPEC",
        Required = true,
    };

    public static Option<string> PartOption { get; } = PartOf(new Option<string>("--part")
    {
        Description = "Which rows of the specification: train or test.",
        DefaultValueFactory = _ => "test",
    });

    public static Command Create() => new("models", "Published models.")
    {
        ModelListCommand.Create(),
        ModelShowCommand.Create(),
        ModelEvaluateCommand.Create(),
        ModelPredictCommand.Create(),
        ModelGenerateCommand.Create(),
        ModelExplainCommand.Create(),
        ModelInspectCommand.Create(),
        ModelReportCommand.Create(),
        ModelCompareCommand.Create(),
        ModelVerifyCommand.Create(),
    };

    public static Argument<string> ModelArgument(string name = "MODEL") => new(name)
    {
        Description = "NAME for its newest version, or NAME/VERSION; the start of a version is enough.",
    };

    /// <summary>The sources that --data and --part name.</summary>
    public static ImmutableArray<SourceSpecification> SourcesOf(ParseResult parsed, bool labelsRequired) =>
        SourcesOf(parsed, parsed.GetRequiredValue(DataOption), labelsRequired);

    /// <summary>The sources of a specification that --part names.</summary>
    public static ImmutableArray<SourceSpecification> SourcesOf(ParseResult parsed, string file, bool labelsRequired)
    {
        var part = parsed.GetRequiredValue(PartOption);
        var data = SpecificationReader.ReadData(file, parsed.GetValue(TrainCommand.SetOption) ?? [], labelsRequired);
        var sources = part == "train" ? data.Train : data.Test;
        return sources.IsEmpty ? throw new UsageException($"{file} has no data.{part}", $"add it, or choose the other part with --part {(part == "train" ? "test" : "train")}") : sources;
    }

    private static Option<string> PartOf(Option<string> option)
    {
        option.AcceptOnlyFromAmong("train", "test");
        return option;
    }
}
