using System.Globalization;
using System.Security.Cryptography;
using ExplicitCluster.Numerics.Language;
using ExplicitCluster.Numerics.Tokens;
using ExplicitCluster.Testing;

namespace ExplicitCluster.Bench;

/// <summary>The King James text as the reference figures have it: blocks of 1000 tokens, every tenth of them test, a vocabulary of 4096.</summary>
internal sealed class LanguageTask
{
    public const int Vocabulary = 4096;
    private const int BlockTokens = 1000;
    private const int FitPositions = 6000;

    public LanguageTask()
    {
        Text = KingJames.Text();
        var tokens = new TokenBuffer();
        new PatternTokenizer(KingJames.Pattern).Split(Text, tokens);
        CheckTokens(tokens);
        var counts = new TokenCounts();
        for (var i = 0; i < tokens.Count / BlockTokens * BlockTokens; i++)
        {
            if (i / BlockTokens % 10 != 9)
                counts.Add(tokens[i]);
        }
        Words = TokenVocabulary.Of(counts, Vocabulary);
        var ids = new int[tokens.Count];
        Words.IdsOf(tokens, ids);
        var blocks = ids.Chunk(BlockTokens).Where(block => block.Length == BlockTokens).ToArray();
        Train = [.. blocks.Where((_, i) => i % 10 != 9)];
        Test = [.. blocks.Where((_, i) => i % 10 == 9)];
        if (Sum(Train) != 202_811_011 || Sum(Test) != 22_086_926)
            throw new InvalidOperationException($"ids sum to {Sum(Train)} and {Sum(Test)}, which are not those of the reference");
    }

    public byte[] Text { get; }

    public TokenVocabulary Words { get; }

    public CellPacking Packing { get; } = new(Vocabulary);

    public int[][] Train { get; }

    public int[][] Test { get; }

    /// <summary>Sets of lags as one writes them.</summary>
    public static LagSet[] Sets(string sets) =>
        [.. sets.Split(' ').Select(set => new LagSet([.. set.Split(',').Select(lag => int.Parse(lag, CultureInfo.InvariantCulture))]))];

    /// <summary>Weights fitted on every tenth training block, from tables of the others.</summary>
    public async Task<FittedWeights> FitAsync(ContextPlan plan, bool prunes)
    {
        var held = Train.Where((_, i) => i % 10 == 4).ToArray();
        var solution = LanguageSolution.Count(Packing, plan, [.. Train.Where((_, i) => i % 10 != 4)], prunes: prunes);
        var tables = await Task.WhenAll(plan.Sets.Select(set => solution.TableOfAsync<double>(set)));
        var positions = new HeldOutPositions(Packing, plan.Sets);
        var tokens = (long)held.Length * BlockTokens;
        for (var i = 0; i < FitPositions; i++)
        {
            var at = (int)(i * tokens / FitPositions);
            positions.Add(held[at / BlockTokens], at % BlockTokens);
        }
        return new WeightFit(Packing, Unigram.Logs(solution.Continuation), tables).Fit(positions, CancellationToken.None);
    }

    /// <summary>The product of experts counted on all training blocks.</summary>
    public async Task<LanguageModel> ProductAsync(ContextPlan plan, double[] weights, bool prunes)
    {
        var solution = LanguageSolution.Count(Packing, plan, Train, prunes: prunes);
        var tables = await Task.WhenAll(plan.Sets.Select(set => solution.TableOfAsync<float>(set)));
        return new LanguageModel(Packing, LanguageModel.BaseOf(Unigram.Logs(solution.Continuation), weights[0]), tables, weights[1..]);
    }

    /// <summary>The paper's model: lags 1 to <paramref name="lags"/> by themselves, weights 1/k.</summary>
    public async Task<LanguageModel> PositionalAsync(int lags)
    {
        var plan = new ContextPlan([.. Enumerable.Range(1, lags).Select(lag => new LagSet(lag))], continuesTop: false);
        var solution = LanguageSolution.Count(Packing, plan, Train, single: true);
        var continuation = plan.Sets.Select(set => solution.ContinuationAt(set.Last)).ToArray();
        var tables = await Task.WhenAll(plan.Sets.Select((set, k) => solution.TableOfAsync<float>(set, continuation[k])));
        double[] weights = [.. plan.Sets.Select(set => 1.0 / set.Last)];
        var counts = new long[Vocabulary];
        foreach (var word in Train.SelectMany(block => block))
            counts[word]++;
        return new LanguageModel(
            Packing, LanguageModel.PositionalBase(Unigram.Logs(Unigram.Of(counts)), Array.ConvertAll(continuation, Unigram.Logs), weights), tables, weights);
    }

    private static long Sum(int[][] blocks) => blocks.Sum(block => block.Sum(id => (long)id));

    private static void CheckTokens(TokenBuffer tokens)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var i = 0; i < tokens.Count; i++)
        {
            if (i > 0)
                hash.AppendData(" "u8);
            hash.AppendData(tokens[i]);
        }
        var seen = Convert.ToHexStringLower(hash.GetHashAndReset());
        if (tokens.Count != KingJames.Tokens || !seen.StartsWith(KingJames.TokensSha256, StringComparison.Ordinal))
            throw new InvalidOperationException($"{tokens.Count} tokens of SHA-256 {seen} are not those of the reference, bible-kjv-text 4.38");
    }
}
