using System.Globalization;
using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Grains.Models;
using Spectre.Console;

namespace ExplicitCluster.Client.Rendering;

/// <summary>What is to be said of a language model: its perplexities, and its sets of lags.</summary>
internal static class LanguageView
{
    /// <summary>Perplexities of a job's model.</summary>
    public static void Show(LanguageResult result, IAnsiConsole console)
    {
        if (result.Train is null && result.Test is null)
            return;
        var table = new Table { Border = TableBorder.Rounded };
        table.AddColumn(new TableColumn(new Text("evaluated on")));
        foreach (var name in (string[])["documents", "tokens", "unknown", "cross-entropy", "perplexity"])
            table.AddColumn(new TableColumn(new Text(name)).RightAligned());
        Add("train", result.Train);
        Add("test", result.Test);
        console.Write(table);

        void Add(string name, LanguageReport? report)
        {
            if (report is not null)
            {
                table.AddRow(
                    name,
                    Figures.Count(report.Documents),
                    Figures.Count(report.Tokens),
                    Figures.Count(report.Unknown),
                    Figures.Measure(report.CrossEntropy),
                    PerplexityOf(report.Perplexity));
            }
        }
    }

    /// <summary>Tokens, vocabulary and sets of lags of a model, as rows of its table.</summary>
    public static void AddTo(Table table, LanguageDescription language)
    {
        table.AddRow("tokens", Markup.Escape(TokensOf(language.Tokens)));
        table.AddRow("vocabulary", $"{language.Vocabulary:N0} ids ({language.VocabularySha256[..12]})");
        table.AddRow("documents", $"{language.Documents:N0} of {language.TrainTokens:N0} tokens");
        if (language.HeldOutPerplexity is { } perplexity)
            table.AddRow("weights fitted on", $"{language.HeldOutPositions:N0} held-out positions, perplexity {PerplexityOf(perplexity)}");
        table.AddRow("unigram", $"weight {Number(language.UnigramWeight)}");
        foreach (var set in language.Sets)
        {
            table.AddRow(
                Markup.Escape($"lags [{string.Join(", ", set.Lags)}]"),
                $"weight {Number(set.Weight)}, discounts {string.Join(' ', set.Discounts.Select(Number))}, {set.Cells:N0} of {set.Counted:N0} cells in {set.Rows:N0} contexts");
        }
    }

    /// <summary>The sets of lags in words.</summary>
    public static string FeaturesOf(LanguageDescription language) => $"context {string.Join(' ', language.Sets.Select(set => $"[{string.Join(',', set.Lags)}]"))}";

    public static string PerplexityOf(double perplexity) => perplexity.ToString("0.00", CultureInfo.InvariantCulture);

    private static string Number(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);

    private static string TokensOf(TokenSpecification tokens) =>
        (tokens.Kind == TokenKind.BytePairs
            ? $"byte pairs of {tokens.Encoding} ({tokens.EncodingSha256![..12]})"
            : $"{tokens.Kind.ToString().ToLowerInvariant()}{(tokens.Pattern is { } pattern ? $" {pattern}" : "")}")
        + $"{(tokens.LowerCase && tokens.Kind != TokenKind.Bytes ? ", lower case" : "")}{(tokens.Block > 0 ? $", in blocks of {tokens.Block:N0}" : "")}";
}
