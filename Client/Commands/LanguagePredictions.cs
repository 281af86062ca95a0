using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using ExplicitCluster.Abstractions.Errors;
using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Specifications;
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
    /// <summary>A tab-separated line a token (document, token, log probability), or one JSON document; written as they are computed.</summary>
    public static async Task WriteAsync(
        IArtifactStore store, ModelDescription description, ImmutableArray<SourceSpecification> sources, bool asJson, CancellationToken cancellationToken)
    {
        var model = await LoadAsync(store, description, cancellationToken);
        var scorer = new LanguageScorer(model.Model);
        await using var output = new BufferedStream(Console.OpenStandardOutput(), 1 << 16);
        await using var json = asJson ? new Utf8JsonWriter(output) : null;
        await using var lines = asJson ? StreamWriter.Null : new StreamWriter(output);
        json?.WriteStartObject();
        json?.WriteString("model", $"{description.Name}/{description.Version}");
        json?.WriteStartArray("documents");
        await lines.WriteLineAsync("document\ttoken\tlogProbability");
        await foreach (var text in LanguageTexts.ReadAsync(store, new SourceReader(store), model, sources, cancellationToken))
        {
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
            if (json is not null)
                await json.FlushAsync(cancellationToken);
        }
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
