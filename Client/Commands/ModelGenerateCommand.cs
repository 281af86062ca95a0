using System.CommandLine;
using System.Text;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Client.Rendering;
using ExplicitCluster.Data.Documents;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Grains.Language;
using ExplicitCluster.Grains.Models;
using ExplicitCluster.Numerics.Language;
using ExplicitCluster.Numerics.Tokens;

namespace ExplicitCluster.Client.Commands;

/// <summary><c>explicit models generate M --prompt TEXT</c>: text of a language model on standard output, as it is drawn.</summary>
internal static class ModelGenerateCommand
{
    private static readonly Option<string> Prompt = new("--prompt") { Description = "What the text begins with, or - for what is on standard input, without the line end at its end.", HelpName = "TEXT", DefaultValueFactory = _ => "" };
    private static readonly Option<int> Count = new("--tokens") { Description = "Tokens to draw.", DefaultValueFactory = _ => 100 };
    private static readonly Option<double> Temperature = new("--temperature") { Description = "What log probabilities are divided by; 0 takes the most probable token always.", DefaultValueFactory = _ => 1 };
    private static readonly Option<int> TopK = new("--top-k") { Description = "The most tokens to draw from.", DefaultValueFactory = _ => int.MaxValue };
    private static readonly Option<double> TopP = new("--top-p") { Description = "The share of probability to draw from, the most probable tokens first.", DefaultValueFactory = _ => 1 };
    private static readonly Option<ulong> Seed = new("--seed") { Description = "The same seed gives the same text.", DefaultValueFactory = _ => 1 };

    public static Command Create()
    {
        var model = ModelsCommand.ModelArgument();
        var command = new Command("generate", "Writes text with a language model.") { model, Prompt, Count, Temperature, TopK, TopP, Seed };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed, parsed.GetRequiredValue(model), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, string reference, CancellationToken cancellationToken)
    {
        var context = CommandContext.Of(parsed);
        var (settings, count) = (SettingsOf(parsed), parsed.GetRequiredValue(Count));
        if (count < 0)
            throw new UsageException($"--tokens is {count}", "give a number of at least 0");
        var store = await context.OpenStoreAsync(cancellationToken);
        var model = await LoadAsync(store, reference, cancellationToken);
        var prompt = parsed.GetRequiredValue(Prompt);
        if (prompt == StandardInput.Argument)
        {
            using var input = StandardInput.Open(DocumentCut.File);
            prompt = await PromptAsync(input, cancellationToken);
        }
        var text = new List<int>();
        var written = new GeneratedText(model.Description.Language!.Tokens);
        var tokens = new TokenBuffer();
        (await Tokenizers.OfAsync(store, model.Description.Language.Tokens, cancellationToken)).Split(Encoding.UTF8.GetBytes(prompt), tokens);
        for (var i = 0; i < tokens.Count; i++)
        {
            text.Add(model.Words.IdOf(tokens[i]));
            Write(written.Next(tokens[i]));
        }
        var sampler = new TextSampler(model.Model, settings);
        for (var i = 0; i < count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            text.Add(sampler.Next(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(text)));
            Write(written.Next(model.Words.Token(text[^1])));
        }
        if (context.Json)
            Console.Out.WriteLine(JsonText.Of(new { Model = $"{model.Description.Name}/{model.Description.Version}", Prompt = prompt, settings.Seed, Text = written.ToString() }));
        else
            Console.Out.WriteLine();
        return ExitCode.Done;

        void Write(string part)
        {
            if (context.Json)
                return;
            Console.Out.Write(part);
            Console.Out.Flush();
        }
    }

    /// <summary>The whole of a text.</summary>
    public static async Task<string> PromptAsync(TextStream text, CancellationToken cancellationToken) =>
        await text.NextAsync(cancellationToken) ? Encoding.UTF8.GetString(text.Document) : "";

    /// <summary>A language model by the name that a person gives.</summary>
    public static async Task<TrainedLanguageModel> LoadAsync(IArtifactStore store, string reference, CancellationToken cancellationToken)
    {
        var description = await ModelFolder.FindAsync(store, reference, cancellationToken);
        return await TrainedLanguageModel.LoadAsync(store, ModelFolder.PathOf(description.Name, description.Version), cancellationToken);
    }

    private static SamplingSettings SettingsOf(ParseResult parsed)
    {
        var settings = new SamplingSettings(
            parsed.GetRequiredValue(Temperature), parsed.GetRequiredValue(TopK), parsed.GetRequiredValue(TopP), parsed.GetRequiredValue(Seed));
        if (!(settings.Temperature >= 0 && double.IsFinite(settings.Temperature)))
            throw new UsageException($"--temperature is {settings.Temperature}", "give a number of at least 0, for example 0.8");
        if (settings.TopK < 1)
            throw new UsageException($"--top-k is {settings.TopK}", "give a number of at least 1");
        return settings.TopP is > 0 and <= 1 ? settings : throw new UsageException($"--top-p is {settings.TopP}", "give a number above 0 and at most 1");
    }
}
