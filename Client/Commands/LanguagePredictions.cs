using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using ExplicitCluster.Abstractions.Errors;
using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Data.Documents;
using ExplicitCluster.Data.Sources;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Grains.Language;
using ExplicitCluster.Grains.Models;
using ExplicitCluster.Numerics.Elementary;
using ExplicitCluster.Numerics.Language;
using ExplicitCluster.Numerics.Metrics;
using ExplicitCluster.Numerics.Tokens;

namespace ExplicitCluster.Client.Commands;

/// <summary>Log probabilities of a language model, token by token, in this process.</summary>
internal static class LanguagePredictions
{
    /// <summary>Those of sources, on standard output.</summary>
    public static async Task WriteAsync(
        IArtifactStore store, ModelDescription description, ImmutableArray<SourceSpecification> sources, bool asJson, CancellationToken cancellationToken)
    {
        var model = await LoadAsync(store, description, cancellationToken);
        await WriteAsync(model, LanguageTexts.ReadAsync(store, new SourceReader(store), model, sources, cancellationToken), Console.OpenStandardOutput(), asJson, cancellationToken);
    }

    /// <summary>Those of a text as it comes, on standard output.</summary>
    public static async Task WriteAsync(IArtifactStore store, ModelDescription description, TextStream text, bool asJson, CancellationToken cancellationToken)
    {
        var model = await LoadAsync(store, description, cancellationToken);
        await WriteAsync(model, LanguageTexts.ReadAsync(store, model, text, cancellationToken), Console.OpenStandardOutput(), asJson, cancellationToken);
    }

    /// <summary>A tab-separated line a token (document, token, log probability), or one JSON document; a document is written before the next is read.</summary>
    public static async Task WriteAsync(TrainedLanguageModel model, IAsyncEnumerable<LanguageText> texts, Stream stream, bool asJson, CancellationToken cancellationToken)
    {
        var (description, scorer) = (model.Description, new LanguageScorer(model.Model));
        await using var documents = texts.GetAsyncEnumerator(cancellationToken);
        // What cannot be read at all fails here, before anything is printed. A source has at least one row, but maybe no whole block.
        if (!await documents.MoveNextAsync())
        {
            throw new JobException(
                $"the text has no whole block of {description.Language!.Tokens.Block} tokens, which are the documents of {description.Name}/{description.Version}", "give a longer text");
        }
        await using var output = new BufferedStream(stream, 1 << 16);
        await using var json = asJson ? new Utf8JsonWriter(output) : null;
        await using var lines = asJson ? StreamWriter.Null : new StreamWriter(output);
        json?.WriteStartObject();
        json?.WriteString("model", $"{description.Name}/{description.Version}");
        json?.WriteStartArray("documents");
        await lines.WriteLineAsync("document\ttoken\tlogProbability");
        do
        {
            var text = documents.Current;
            json?.WriteStartArray();
            for (var i = 0; i < text.Ids.Length; i++)
            {
                var log = scorer.LogProbability(text.Ids, i);
                if (json is null)
                {
                    await lines.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{text.Number}\t{Escaped(text.Tokens[i])}\t{log:R}"));
                    continue;
                }
                json.WriteStartObject();
                json.WriteString("token", text.Tokens[i]);
                json.WriteBoolean("known", text.Ids[i] != TokenVocabulary.Unknown);
                json.WriteNumber("logProbability", log);
                json.WriteEndObject();
            }
            json?.WriteEndArray();
            await (json?.FlushAsync(cancellationToken) ?? lines.FlushAsync(cancellationToken));
        }
        while (await documents.MoveNextAsync());
        json?.WriteEndArray();
        json?.WriteEndObject();
    }

    /// <summary>The perplexity of documents.</summary>
    public static async Task<LanguageReport> EvaluateAsync(
        IArtifactStore store, ModelDescription description, ImmutableArray<SourceSpecification> sources, CancellationToken cancellationToken)
    {
        var model = await LoadAsync(store, description, cancellationToken);
        var scorer = new LanguageScorer(model.Model);
        var (documents, tokens, unknown, loss) = (0L, 0L, 0L, (Int128)0);
        await foreach (var text in LanguageTexts.ReadAsync(store, new SourceReader(store), model, sources, cancellationToken))
        {
            documents++;
            tokens += text.Ids.Length;
            unknown += text.Ids.AsSpan().Count(TokenVocabulary.Unknown);
            for (var i = 0; i < text.Ids.Length; i++)
                loss += ExactSum.Units(-scorer.LogProbability(text.Ids, i));
        }
        if (tokens == 0)
            throw new JobException("the documents have no token", "look at them with 'explicit data show'");
        var crossEntropy = ExactSum.Mean(loss, tokens);
        return new LanguageReport(documents, tokens, unknown, crossEntropy, SameBits.Exp(crossEntropy));
    }

    private static Task<TrainedLanguageModel> LoadAsync(IArtifactStore store, ModelDescription model, CancellationToken cancellationToken) =>
        TrainedLanguageModel.LoadAsync(store, ModelFolder.PathOf(model.Name, model.Version), cancellationToken);

    /// <summary>A token that may be a tab or a line end, on one line.</summary>
    private static string Escaped(string token) =>
        token.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal).Replace("\r", "\\r", StringComparison.Ordinal);
}
