using System.CommandLine;
using System.Globalization;
using System.Text;
using ExplicitCluster.Abstractions.Errors;
using ExplicitCluster.Client.Rendering;
using ExplicitCluster.Client.Rendering.Pictures;
using ExplicitCluster.Client.Specifications;
using ExplicitCluster.Data.Sources;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Grains.Models;
using ExplicitCluster.Grains.Models.Explanations;

namespace ExplicitCluster.Client.Commands;

/// <summary>
/// <c>explicit models explain M --data SPEC --row N</c>, or <c>--input FILE</c>: which inputs of a row made the model prefer its class to another, with their counts in training
/// and the shards that they were seen in.
/// </summary>
internal static class ModelExplainCommand
{
    private const string StandardInput = "-";
    private const int MostInputBytes = 64 << 20;

    private static readonly Option<string?> DataOption = new("--data") { Description = ModelsCommand.DataOption.Description, HelpName = ModelsCommand.DataOption.HelpName };

    private static readonly Option<long?> RowOption = new("--row") { Description = "With --data: the row's number, from 0, as 'predict' prints it.", HelpName = "N" };

    private static readonly Option<string?> InputOption = new("--input")
    {
        Description = "In place of --data: a file with one row, or - for standard input: a text, or the numbers of a row in the order of its columns, label left out, parted by commas, spaces or lines.",
        HelpName = "FILE",
    };

    private static readonly Option<string?> AgainstOption = new("--against") { Description = "The class to hold the predicted one against; default: the runner-up.", HelpName = "CLASS" };

    private static readonly Option<int> TopOption = new("--top") { Description = "Inputs to show, and to look for in the shards.", HelpName = "N", DefaultValueFactory = _ => 20 };

    private static readonly Option<string?> ReportOption = new("--report") { Description = "Of images: write a picture of the row and of what its pixels add into this folder.", HelpName = "FOLDER" };

    public static Command Create()
    {
        var model = ModelsCommand.ModelArgument();
        var command = new Command("explain", "Shows which inputs of a row decided its class, with their counts and shards.")
        {
            model, DataOption, RowOption, InputOption, ModelsCommand.PartOption, TrainCommand.SetOption, AgainstOption, TopOption, ReportOption,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed, parsed.GetRequiredValue(model), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, string reference, CancellationToken cancellationToken)
    {
        CheckUsage(parsed);
        var context = CommandContext.Of(parsed);
        var store = await context.OpenStoreAsync(cancellationToken);
        var description = await ModelFolder.FindAsync(store, reference, cancellationToken);
        if (description.Language is not null)
            throw new JobException($"{description.Name}/{description.Version} is a language model, and 'explain' is for classifiers", "'explicit models predict' gives log probabilities a token");
        var model = await TrainedModel.LoadAsync(store, ModelFolder.PathOf(description.Name, description.Version), cancellationToken);
        var row = await RowAsync(parsed, store, model, cancellationToken);
        var explanation = await ExplainAsync(store, row, parsed.GetValue(AgainstOption), parsed.GetValue(TopOption), cancellationToken);
        var picture = parsed.GetValue(ReportOption) is { } folder ? WritePicture(explanation, parsed, folder) : null;
        if (context.Json)
            Console.Out.WriteLine(ExplanationView.JsonOf(explanation, picture));
        else
            ExplanationView.Show(explanation, parsed.GetValue(TopOption), picture, context.Out);
        return ExitCode.Done;
    }

    /// <summary>The explanation with counts and shards.</summary>
    public static Task<Explanation> ExplainAsync(IArtifactStore store, ModelRow row, string? against, int top, CancellationToken cancellationToken)
    {
        int? other = null;
        if (against is not null && (other = row.Model.Description.Labels.IndexOf(against)) < 0)
            throw new UsageException($"the model has no class {Quoted.Of(against)}; {KeyNames.Suggest(against, row.Model.Description.Labels, ("class", "classes"))}", "give a class of the model with --against, or leave it out for the runner-up");
        return ExplanationCounts.AddAsync(store, Explanation.Of(row, other), top, cancellationToken);
    }

    private static void CheckUsage(ParseResult parsed)
    {
        const string Give = "give --data SPEC --row N, or --input FILE";
        if (parsed.GetValue(DataOption) is null == parsed.GetValue(InputOption) is null)
            throw new UsageException("explain takes one row, from --data SPEC or from --input FILE", Give);
        if (parsed.GetValue(DataOption) is null == parsed.GetValue(RowOption) is not null)
            throw new UsageException(parsed.GetValue(DataOption) is null ? "--row goes with --data, and --input has one row" : "--data has many rows, and --row does not say which", Give);
        if (parsed.GetValue(RowOption) < 0 || parsed.GetValue(TopOption) < 1)
            throw new UsageException("--row is at least 0, and --top at least 1", "correct the number");
    }

    private static async Task<ModelRow> RowAsync(ParseResult parsed, IArtifactStore store, TrainedModel model, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(DataOption) is { } data)
            return await ModelRow.OfSourcesAsync(model, store, new SourceReader(store), ModelsCommand.SourcesOf(parsed, data, labelsRequired: false), parsed.GetValue(RowOption)!.Value, cancellationToken);
        var bytes = await ReadAsync(parsed.GetValue(InputOption)!, cancellationToken);
        if (model.TakesTexts)
            return await ModelRow.OfTextAsync(model, store, Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(bytes).TrimStart('\uFEFF').TrimEnd('\r', '\n')), cancellationToken);
        return ModelRow.OfNumbers(model, NumbersOf(Encoding.UTF8.GetString(bytes)));
    }

    private static async Task<byte[]> ReadAsync(string input, CancellationToken cancellationToken)
    {
        try
        {
            await using var stream = input == StandardInput ? Console.OpenStandardInput() : File.OpenRead(input);
            using var content = new MemoryStream();
            var buffer = new byte[1 << 16];
            for (int read; (read = await stream.ReadAsync(buffer, cancellationToken)) > 0;)
            {
                content.Write(buffer, 0, read);
                if (content.Length > MostInputBytes)
                    throw new JobException($"{input} has more than {MostInputBytes >> 20} MiB, and is to be one row", "name rows of a data file by --data SPEC --row N");
            }
            return content.ToArray();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new JobException($"{Quoted.Escape(input)} cannot be read: {exception.Message}", "name a file with one row, or - for standard input");
        }
    }

    /// <exception cref="JobException">Something is no number.</exception>
    internal static double[] NumbersOf(string text)
    {
        var parts = text.Split([',', ' ', '\t', '\r', '\n', '[', ']', ';'], StringSplitOptions.RemoveEmptyEntries);
        return [.. parts.Select((part, i) => double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new JobException($"value {i} of the row is {Quoted.Of(part.Length > 16 ? part[..16] : part)}, expected a number", "give the numbers of one row, parted by commas, spaces or lines"))];
    }

    private static string? WritePicture(Explanation explanation, ParseResult parsed, string folder)
    {
        var model = explanation.Row.Model;
        if (!model.Encoder.Shape.IsImage)
            throw new UsageException($"--report draws images, and the model takes {model.Encoder.Shape}", "leave it out; --json has every input");
        if (!model.Description.Layers.IsEmpty)
            throw new UsageException("--report draws inputs that are places of the image, and the model stands on layers", "leave it out; --json has every input");
        var path = Path.Combine(folder, $"explain-{model.Description.Name}-{(parsed.GetValue(RowOption) is { } row ? $"row-{row}" : "input")}.png");
        ExplanationPicture.Save(path, explanation);
        return path;
    }
}
