using System.CommandLine;
using System.Globalization;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Client.Slices;
using ExplicitCluster.Client.Specifications;
using ExplicitCluster.Grains.Layers;
using ExplicitCluster.Grains.Models;

namespace ExplicitCluster.Client.Commands;

/// <summary>
/// <c>explicit slice SPEC|MODEL --where tenant=a --last 7 by day</c>: a model of the training sources whose tags fit. The job is an ordinary one; where K and alpha
/// are given and nothing is evaluated on training rows, it only sums what is stored.
/// </summary>
internal static class SliceCommand
{
    private static readonly Argument<string> Whole = new("SPEC|MODEL")
    {
        Description = "A specification whose sources have tags, or a model: its sources and settings, with K and alpha as they were chosen.",
    };

    private static readonly Option<string[]> WhereOption = new("--where")
    {
        Description = "Sources whose tag is so: KEY=VALUE, KEY=VALUE,VALUE or KEY=FROM..TO (both ends count, either may be left out); several must all hold.",
        HelpName = "CONDITION",
    };

    private static readonly Option<string[]> LastOption = new("--last")
    {
        Description = "Of these the sources with the newest N values of a tag, e.g. --last 7 by day.",
        HelpName = "N by KEY",
        Arity = new ArgumentArity(3, 3),
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<string?> NameOption = new("--name") { Description = "Name of the model; default: that of the whole and the conditions.", HelpName = "NAME" };

    private static readonly Option<string?> EvaluateOption = EvaluateOf(new Option<string?>("--evaluate")
    {
        Description = "Rows to evaluate on, none, test or all; default: as the specification says. Without training rows nothing but sums is read.",
    });

    public static Command Create()
    {
        var command = new Command("slice", "Makes a model of the sources whose tags fit, from statistics that are stored.")
        {
            Whole, WhereOption, LastOption, NameOption, EvaluateOption, TrainCommand.SetOption, TrainCommand.DetachOption, TrainCommand.ReportOption,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var context = CommandContext.Of(parsed);
        var slice = SliceOf(parsed);
        var (whole, model) = await WholeAsync(parsed, context, cancellationToken);
        var specification = slice.Of(whole, parsed.GetValue(NameOption), model);
        if (!JobSections.IsName(specification.Name))
            throw new UsageException($"--name is {Quoted.Of(specification.Name)}; expected {JobSections.ExpectedName}", "give another name");
        if (parsed.GetValue(EvaluateOption) is { } evaluate)
            specification = specification with { Evaluate = Enum.Parse<EvaluateRows>(evaluate, ignoreCase: true) };
        var cut = specification.Slice!;
        context.Error.Profile.Out.Writer.WriteLine(
            $"slice: {specification.Data.Train.Length:N0} of {whole.Data.Train.Length:N0} sources, {string.Join(", ", cut.Conditions)}{(cut.Window.IsEmpty ? "" : $" ({cut.Window[0]}{(cut.Window.Length > 1 ? $" to {cut.Window[^1]}" : "")})")}");
        return await TrainCommand.RunAsync(parsed, specification, context, cancellationToken);
    }

    /// <summary>The job whose sources are chosen from.</summary>
    private static async Task<(JobSpecification, string? Model)> WholeAsync(ParseResult parsed, CommandContext context, CancellationToken cancellationToken)
    {
        var given = parsed.GetRequiredValue(Whole);
        var sets = parsed.GetValue(TrainCommand.SetOption) ?? [];
        if (File.Exists(given) || Path.GetExtension(given) is ".yaml" or ".yml" or ".json")
            return (SpecificationReader.Read(given, sets), null);
        if (sets.Length > 0)
            throw new UsageException("--set changes a specification, and a model is given", "slice the specification, or leave --set out");
        var model = await ModelFolder.FindAsync(await context.OpenStoreAsync(cancellationToken), given, cancellationToken);
        var specification = model.Specification;
        if (specification.Solve.HasChoice && specification.Language is null && specification.Text?.Temperatures is null)
            specification = specification with { Solve = specification.Solve with { K = [model.K], Alpha = [model.Alpha] } };
        var layers = LayerMaps.AllOf(model.Encoding.Features).OrderBy(layer => layer.Number).ToList();
        if (layers.Count == specification.Layers.Length)
        {
            specification = specification with
            {
                Layers = [.. specification.Layers.Zip(layers, (layer, solved) => layer with { Solve = layer.Solve with { K = solved.Settings.Solve.K, Alpha = solved.Settings.Solve.Alpha } })],
            };
        }
        return (specification, $"{model.Name}/{model.Version}");
    }

    private static SourceSlice SliceOf(ParseResult parsed)
    {
        var conditions = (parsed.GetValue(WhereOption) ?? []).Select(TagCondition.Parse).ToList();
        (int, string)? last = null;
        if (parsed.GetValue(LastOption) is { Length: > 0 } words)
        {
            if (words is not [var number, "by", var key] || !int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count < 1)
                throw new UsageException($"--last is {Quoted.Of(string.Join(' ', words))}; expected a whole number of at least 1, 'by' and the key of a tag", "e.g. --last 7 by day");
            last = (count, key);
        }
        return conditions.Count > 0 || last is not null
            ? new SourceSlice(conditions, last)
            : throw new UsageException("nothing says which sources the slice is of", $"give --where {TagCondition.Grammar}, or --last N by KEY");
    }

    private static Option<string?> EvaluateOf(Option<string?> option)
    {
        option.AcceptOnlyFromAmong("none", "test", "all");
        return option;
    }
}
