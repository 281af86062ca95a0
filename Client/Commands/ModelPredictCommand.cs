using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using ExplicitCluster.Abstractions.Models;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Client.Hosting;
using ExplicitCluster.Data.Sources;
using ExplicitCluster.Grains.Models;
using ExplicitCluster.Numerics.Metrics;

namespace ExplicitCluster.Client.Commands;

/// <summary>
/// <c>explicit models predict M --data SPEC</c>: a tab-separated line a row on standard output (row, label, probability), or one JSON document
/// with all probabilities; written as rows are predicted.
/// </summary>
internal static class ModelPredictCommand
{
    private static readonly Option<string?> DataOption = new("--data") { Description = ModelsCommand.DataOption.Description, HelpName = ModelsCommand.DataOption.HelpName };

    private static readonly Option<string?> TextOption = new("--text")
    {
        Description = "In place of --data: a file of texts in UTF-8, a line each, or - for standard input.",
        HelpName = "FILE",
    };

    public static Command Create()
    {
        var model = ModelsCommand.ModelArgument();
        var command = new Command("predict", "Predicts rows, with or without labels.") { model, DataOption, TextOption, ModelsCommand.PartOption, TrainCommand.SetOption };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed, parsed.GetRequiredValue(model), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, string reference, CancellationToken cancellationToken)
    {
        var (data, text) = (parsed.GetValue(DataOption), parsed.GetValue(TextOption));
        if (data is null == text is null)
            throw new UsageException("predict takes rows from --data SPEC or from --text FILE", $"give one of them{(data is null ? "" : ", not both")}");
        var sources = data is not null ? ModelsCommand.SourcesOf(parsed, data, labelsRequired: false) : [TextsOf(Path.GetFullPath(text!))];
        var context = CommandContext.Of(parsed);
        var address = await context.StoreAddressAsync(cancellationToken);
        var store = CommandContext.Open(address);
        var model = await ModelFolder.FindAsync(store, reference, cancellationToken);
        if (model.Language is null)
            return text == StandardInput.Argument ? await PredictCopyAsync(context, address, model, cancellationToken) : await PredictAsync(context, address, model, sources, cancellationToken);
        if (text != StandardInput.Argument)
        {
            await LanguagePredictions.WriteAsync(store, model, sources, context.Json, cancellationToken);
            return ExitCode.Done;
        }
        using var input = StandardInput.Open(DocumentCut.Line);
        await LanguagePredictions.WriteAsync(store, model, input, context.Json, cancellationToken);
        return ExitCode.Done;
    }

    private static SourceSpecification TextsOf(string path) => new() { Format = SourceFormat.Text, Path = path };

    /// <summary>Silos read rows of a source by their numbers, so that what is on standard input must lie somewhere.</summary>
    private static async Task<int> PredictCopyAsync(CommandContext context, string store, ModelDescription model, CancellationToken cancellationToken)
    {
        var copy = Path.Combine(Path.GetTempPath(), $"explicit-{Guid.NewGuid():N}.txt");
        try
        {
            await using (var file = File.Create(copy))
            await using (var input = Console.OpenStandardInput())
                await input.CopyToAsync(file, cancellationToken);
            return await PredictAsync(context, store, model, [TextsOf(copy)], cancellationToken);
        }
        finally
        {
            // Nothing of it is of use to anybody: neither the file nor what the store remembers of it.
            await new SourceReader(CommandContext.Open(store)).ForgetAsync(TextsOf(copy), CancellationToken.None);
            File.Delete(copy);
        }
    }

    private static async Task<int> PredictAsync(
        CommandContext context, string store, ModelDescription model, ImmutableArray<SourceSpecification> sources, CancellationToken cancellationToken)
    {
        await using var silo = await EmbeddedSilo.StartAsync(store, context.Verbose, cancellationToken);
        await using var batches = silo.Grains.GetGrain<IModelGrain>($"{model.Name}/{model.Version}").PredictAsync(sources, cancellationToken)
            .GetAsyncEnumerator(cancellationToken);
        await batches.MoveNextAsync(); // rows that cannot be predicted fail here, before anything is printed; a source has at least one row
        await using var output = new BufferedStream(Console.OpenStandardOutput(), 1 << 16);
        if (context.Json)
            await WriteJsonAsync(output, model, batches);
        else
            await WriteLinesAsync(output, model, batches);
        return ExitCode.Done;
    }

    private static async Task WriteLinesAsync(Stream output, ModelDescription model, IAsyncEnumerator<PredictionBatch> batches)
    {
        await using var writer = new StreamWriter(output);
        await writer.WriteLineAsync("row\tlabel\tprobability");
        do
        {
            foreach (var (row, best, probabilities) in RowsOf(batches.Current, model.Labels.Length))
                await writer.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{row}\t{model.Labels[best]}\t{probabilities.Span[best]:R}"));
        }
        while (await batches.MoveNextAsync());
    }

    private static async Task WriteJsonAsync(Stream output, ModelDescription model, IAsyncEnumerator<PredictionBatch> batches)
    {
        await using var writer = new Utf8JsonWriter(output);
        writer.WriteStartObject();
        writer.WriteString("model", $"{model.Name}/{model.Version}");
        writer.WriteStartArray("labels");
        foreach (var label in model.Labels)
            writer.WriteStringValue(label);
        writer.WriteEndArray();
        writer.WriteStartArray("rows");
        do
        {
            foreach (var (row, best, probabilities) in RowsOf(batches.Current, model.Labels.Length))
            {
                writer.WriteStartObject();
                writer.WriteNumber("row", row);
                writer.WriteString("label", model.Labels[best]);
                writer.WriteStartArray("probabilities");
                foreach (var probability in probabilities.Span)
                    writer.WriteNumberValue(probability);
                writer.WriteEndArray();
                writer.WriteEndObject();
            }
            await writer.FlushAsync();
        }
        while (await batches.MoveNextAsync());
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static IEnumerable<(long Row, int Best, ReadOnlyMemory<double> Probabilities)> RowsOf(PredictionBatch batch, int classes)
    {
        for (var m = 0; m < batch.Probabilities.Length / classes; m++)
        {
            var probabilities = batch.Probabilities.AsMemory().Slice(m * classes, classes);
            yield return (batch.FirstRow + m, Softmax.Best(probabilities.Span), probabilities);
        }
    }
}
