using System.CommandLine;
using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Models;
using ExplicitCluster.Client.Hosting;
using ExplicitCluster.Client.Rendering;
using ExplicitCluster.Grains.Models;

namespace ExplicitCluster.Client.Commands;

/// <summary><c>explicit models evaluate M --data SPEC</c>: a published model on labelled rows.</summary>
internal static class ModelEvaluateCommand
{
    public static Command Create()
    {
        var model = ModelsCommand.ModelArgument();
        var command = new Command("evaluate", "Evaluates a model on labelled rows.") { model, ModelsCommand.DataOption, ModelsCommand.PartOption, TrainCommand.SetOption };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed, parsed.GetRequiredValue(model), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, string reference, CancellationToken cancellationToken)
    {
        var context = CommandContext.Of(parsed);
        var store = await context.StoreAddressAsync(cancellationToken);
        var sources = ModelsCommand.SourcesOf(parsed, labelsRequired: false);
        var model = await ModelFolder.FindAsync(CommandContext.Open(store), reference, cancellationToken);
        if (model.Language is not null)
        {
            var result = await LanguagePredictions.EvaluateAsync(CommandContext.Open(store), model, sources, cancellationToken);
            if (context.Json)
                Console.Out.WriteLine(JsonText.Of(new { Model = $"{model.Name}/{model.Version}", result.Documents, result.Tokens, result.Unknown, result.CrossEntropy, result.Perplexity }));
            else
                LanguageView.Show(new LanguageResult { Vocabulary = model.Language.Vocabulary, Tokens = model.Language.TrainTokens, Cells = 0, Test = result }, context.Out);
            return ExitCode.Done;
        }
        sources = ModelsCommand.SourcesOf(parsed, labelsRequired: true);
        await using var silo = await EmbeddedSilo.StartAsync(store, context.Verbose, cancellationToken);
        var report = await silo.Grains.GetGrain<IModelGrain>($"{model.Name}/{model.Version}").EvaluateAsync(sources, cancellationToken);
        if (context.Json)
            Console.Out.WriteLine(EvaluationView.JsonOf(model, report));
        else
            EvaluationView.Show(model, report, context.Out);
        return ExitCode.Done;
    }
}
