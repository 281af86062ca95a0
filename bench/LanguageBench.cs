using System.Diagnostics;
using System.Globalization;
using ExplicitCluster.Numerics.Elementary;
using ExplicitCluster.Numerics.Language;
using ExplicitCluster.Numerics.Tokens;
using ExplicitCluster.Testing;

namespace ExplicitCluster.Bench;

/// <summary>Language models on one core: tokens, pairs and scored tokens a second, and with --figures the perplexities of the King James text.</summary>
internal static class LanguageBench
{
    private const int ZipfVocabulary = 50_000;
    private const int ZipfTokens = 4_000_000;
    private const string Six = "1 1,2 2 1,3 2,3";
    private const string Thirteen = "1 1,2 1,2,3 1,2,3,4 2 3 4 5 1,3 2,3 1,2,4 1,4 6";

    public static async Task<int> RunAsync(string[] args)
    {
        Stopwatches.OneCore();
        var task = new LanguageTask();
        Tokens(task);
        Pairs("pairs at 5 lags, V = 4,096", task.Packing, task.Train);
        Pairs("pairs at 5 lags, V = 50,000", new CellPacking(ZipfVocabulary), ZipfDocuments());
        double[] six = [0.923075, 0.933371, 0.633467, 0.243814, 0.413756, 0.461659];
        Score("six weights, perplexity 38.59", task, await task.ProductAsync(new ContextPlan(LanguageTask.Sets(Six), continuesTop: true), six, prunes: false));
        if (args is ["--sgd", var rates])
        {
            var positional = await task.PositionalAsync(5);
            foreach (var rate in rates.Split(',').Select(rate => double.Parse(rate, CultureInfo.InvariantCulture)))
            {
                var start = Stopwatch.GetTimestamp();
                var moved = LanguageSgd.Epoch(positional, task.Train, rate, CancellationToken.None);
                Score($"positional, K = 5, one epoch at {rate} ({Stopwatch.GetElapsedTime(start).TotalSeconds:0} s)", task, moved);
            }
            return 0;
        }
        if (args is not ["--figures"])
            return args.Length == 0 ? 0 : 2;
        foreach (var lags in (int[])[1, 3, 5])
            Score($"positional, K = {lags}", task, await task.PositionalAsync(lags));
        await ProductAsync("chain of 4, weights 1", task, "1 1,2 1,2,3 1,2,3,4", continuesTop: false, fits: false, prunes: false);
        await ProductAsync("chain of 4, fitted", task, "1 1,2 1,2,3 1,2,3,4", continuesTop: false, fits: true, prunes: false);
        await ProductAsync("six weights", task, Six, continuesTop: true, fits: true, prunes: false);
        await ProductAsync("six weights, raw top", task, Six, continuesTop: false, fits: true, prunes: false);
        await ProductAsync("thirteen sets", task, Thirteen, continuesTop: false, fits: true, prunes: false);
        await ProductAsync("thirteen sets, pruned", task, Thirteen, continuesTop: false, fits: true, prunes: true);
        return 0;
    }

    private static void Tokens(LanguageTask task)
    {
        foreach (var (name, tokenizer) in ((string, Tokenizer)[])[("the reference's pattern", new PatternTokenizer(KingJames.Pattern)), ("words", new WordTokenizer())])
        {
            var (tokens, ids, count) = (new TokenBuffer(), new int[KingJames.Tokens], 0L);
            var seconds = Stopwatches.MedianSeconds(() =>
            {
                count = 0;
                for (var text = task.Text.AsSpan(); !text.IsEmpty;)
                {
                    // A verse at a time, as documents come.
                    var end = text.IndexOf((byte)'\n') + 1;
                    tokens.Clear();
                    tokenizer.Split(text[..end], tokens);
                    task.Words.IdsOf(tokens, ids);
                    count += tokens.Count;
                    text = text[end..];
                }
            }, evict: false);
            Print($"text to ids, {name}", $"{count / seconds / 1e6:0.0} million tokens/s");
        }
    }

    private static void Pairs(string name, CellPacking packing, int[][] documents)
    {
        var positions = documents.Sum(document => document.Length);
        var (counter, list, cells) = (new PairCounter(packing, [1, 2, 3, 4, 5], positions), new CellList(), 0L);
        var seconds = Stopwatches.MedianSeconds(() =>
        {
            cells = 0;
            foreach (var document in documents)
                counter.Add(document, 0);
            for (var lag = 0; lag < 5; lag++)
            {
                list.Clear();
                counter.Drain(lag, list);
                cells += list.Count;
            }
            counter.Clear();
        }, evict: false);
        Print(name, $"{5 * positions / seconds / 1e6:0} million pairs/s, {cells:N0} cells");
    }

    private static void Score(string name, LanguageTask task, LanguageModel model)
    {
        var scorer = new LanguageScorer(model);
        var (loss, tokens, start) = (0.0, 0, Stopwatch.GetTimestamp());
        foreach (var document in task.Test)
        {
            for (var i = 0; i < document.Length; i++, tokens++)
                loss -= scorer.LogProbability(document, i);
        }
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        Print(name, $"perplexity {Math.Exp(loss / tokens):0.0000}, {tokens / seconds:N0} tokens/s, {(double)scorer.CellsRead / tokens:N1} cells a token, {model.Tables.Sum(table => (long)table.Cells):N0} cells");
    }

    private static async Task ProductAsync(string name, LanguageTask task, string sets, bool continuesTop, bool fits, bool prunes)
    {
        var plan = new ContextPlan(LanguageTask.Sets(sets), continuesTop);
        var start = Stopwatch.GetTimestamp();
        var fitted = fits ? await task.FitAsync(plan, prunes) : null;
        var fitSeconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        start = Stopwatch.GetTimestamp();
        var model = await task.ProductAsync(plan, fitted?.Weights ?? [.. Enumerable.Repeat(1.0, plan.Sets.Length + 1)], prunes);
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        Score(name, task, model);
        if (fitted is not null)
            Print("  fit", $"{fitSeconds:0.0} s, held-out perplexity {Math.Exp(fitted.CrossEntropy):0.0000}, {fitted.Steps} steps, weights {string.Join(' ', fitted.Weights.Select(weight => weight.ToString("0.000000", null)))}");
        Print("  counted and solved", $"{seconds:0.0} s");
    }

    /// <summary>Documents of 1000 words, word r with probability in proportion to 1 / r.</summary>
    private static int[][] ZipfDocuments()
    {
        var sums = new double[ZipfVocabulary];
        var sum = 0.0;
        for (var word = 0; word < sums.Length; word++)
            sums[word] = sum += 1.0 / (word + 1);
        var random = new SplitMix64(1);
        var ids = new int[ZipfTokens];
        for (var i = 0; i < ids.Length; i++)
        {
            var at = Array.BinarySearch(sums, (random.Next() >> 11) * (1.0 / (1L << 53)) * sum);
            ids[i] = Math.Min(at < 0 ? ~at : at, ZipfVocabulary - 1);
        }
        return [.. ids.Chunk(1000)];
    }

    private static void Print(string what, string figures) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-40} {figures}"));
}
