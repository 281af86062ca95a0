using System.Text.Json;
using ExplicitCluster.Numerics.Language;

namespace ExplicitCluster.Numerics.Tests.Language;

/// <summary>The verified cases of language models, on float64.</summary>
public class LanguageGoldenTests
{
    private const double Tolerance = 1e-9;

    private static readonly JsonElement[] Cases = Load();

    public static TheoryData<string> ExpertNames => [.. Cases.Where(json => KindOf(json) == "experts").Select(json => json.GetProperty("name").GetString()!)];

    [Theory, MemberData(nameof(ExpertNames))]
    public async Task Experts_have_the_golden_counts_discounts_and_deltas(string name)
    {
        var golden = Named(name);
        var (packing, plan, solution) = Solve(golden);
        AssertClose(golden.GetProperty("unigram"), solution.Continuation);
        for (var k = 0; k < plan.Sets.Length; k++)
        {
            var discounts = solution.Discounts[k];
            AssertClose(golden.GetProperty("discounts")[k], [0, discounts.One, discounts.Two, discounts.More]);
            var (set, lags) = (plan.Sets[k], plan.Sets[k].Lags.Length);
            var prunes = golden.GetProperty("prune").GetBoolean() && lags > 1;
            List<double> keys = [], starts = [0], words = [], counts = [], totals = [], gammas = [], deltas = [];
            var rows = solution.RowsOf(set);
            while (await rows.NextAsync())
            {
                for (var i = 0; i < rows.Row.Count; i++)
                {
                    if (prunes && rows.Row.Counts[i] == 1)
                        continue;
                    words.Add(rows.Row.Words[i]);
                    counts.Add(rows.Row.Counts[i]);
                    deltas.Add(rows.Deltas[i]);
                }
                if (words.Count == starts[^1])
                    continue;
                starts.Add(words.Count);
                keys.Add(packing.TokensOf(rows.Row.Context, lags).Aggregate(0.0, (key, token) => key * (packing.Vocabulary + 1) + token));
                totals.Add(rows.Total);
                gammas.Add(rows.Gamma);
            }
            AssertClose(golden.GetProperty("row_keys")[k], keys);
            AssertClose(golden.GetProperty("row_starts")[k], starts);
            AssertClose(golden.GetProperty("cols")[k], words);
            AssertClose(golden.GetProperty("counts")[k], counts);
            AssertClose(golden.GetProperty("totals")[k], totals);
            AssertClose(golden.GetProperty("gammas")[k], gammas);
            AssertClose(golden.GetProperty("deltas")[k], deltas);
            var table = await solution.TableOfAsync<double>(set);
            AssertClose(golden.GetProperty("deltas")[k], table.Deltas.ToArray());
            AssertClose(golden.GetProperty("row_starts")[k], table.Starts.ToArray().Select(start => (double)start));
        }
    }

    [Theory, MemberData(nameof(ExpertNames))]
    public async Task A_product_of_experts_has_the_golden_probabilities_and_derivatives(string name)
    {
        var golden = Named(name);
        var (packing, plan, solution) = Solve(golden);
        var weights = Vector(golden.GetProperty("w"));
        var logs = Unigram.Logs(solution.Continuation);
        var tables = await Task.WhenAll(plan.Sets.Select(set => solution.TableOfAsync<double>(set)));
        var stored = await Task.WhenAll(plan.Sets.Select(set => solution.TableOfAsync<float>(set)));
        var scorer = new LanguageScorer(new LanguageModel(packing, LanguageModel.BaseOf(logs, weights[0]), stored, weights[1..]));
        var positions = new HeldOutPositions(packing, plan.Sets);
        var (all, ofTargets, fast) = (new List<double[]>(), new List<double>(), new double[packing.Vocabulary]);
        foreach (var document in Documents(golden.GetProperty("test")))
        {
            for (var i = 0; i < document.Length; i++)
            {
                positions.Add(document, i);
                all.Add(LanguageScorer.LogProbabilitiesPlain(
                    packing, Array.ConvertAll(logs, log => weights[0] * log), [.. tables.Select((table, k) => (table, weights[k + 1]))], document, i));
                ofTargets.Add(all[^1][document[i]]);
                scorer.LogProbabilities(document, i, fast);
                Assert.All(fast, (log, c) => Assert.Equal(all[^1][c], log, 1e-6));
                Assert.Equal(ofTargets[^1], scorer.LogProbability(document, i), 1e-6);
            }
        }
        AssertClose(golden.GetProperty("target_logp"), ofTargets);
        Assert.Equal(all.Count, golden.GetProperty("logp").GetArrayLength());
        for (var i = 0; i < all.Count; i++)
            AssertClose(golden.GetProperty("logp")[i], all[i]);
        var sums = new WeightFit(packing, logs, tables).Evaluate(weights, positions, second: true, CancellationToken.None);
        Assert.Equal(golden.GetProperty("loss").GetDouble(), sums.Loss, Tolerance);
        AssertClose(golden.GetProperty("gradient"), sums.Gradient);
        AssertClose(golden.GetProperty("hessian"), Enumerable.Range(0, weights.Length).Select(k => sums.Hessian.AsSpan(k * weights.Length, weights.Length).ToArray()).ToArray());
    }

    [Theory, MemberData(nameof(ExpertNames))]
    public async Task Every_expert_alone_has_the_golden_probabilities(string name)
    {
        // An expert is the product of those on its path, all with weight 1: their deltas telescope.
        var golden = Named(name);
        var (packing, plan, solution) = Solve(golden);
        var logs = Unigram.Logs(solution.Continuation);
        for (var k = 0; k < plan.Sets.Length; k++)
        {
            var path = await Task.WhenAll(ContextPlan.PathOf(plan.Sets[k]).Select(set => solution.TableOfAsync<double>(set)));
            var at = 0;
            foreach (var document in Documents(golden.GetProperty("test")))
            {
                for (var i = 0; i < document.Length; i++, at++)
                {
                    AssertClose(
                        golden.GetProperty("expert_logp")[k][at],
                        LanguageScorer.LogProbabilitiesPlain(packing, logs, [.. path.Select(table => (table, 1.0))], document, i));
                }
            }
        }
    }

    [Fact]
    public void Discounts_are_the_golden_ones()
    {
        var golden = Named("discounts");
        for (var i = 0; i < golden.GetProperty("counts").GetArrayLength(); i++)
        {
            var counts = Vector(golden.GetProperty("counts")[i]).Select(count => (long)count).ToArray();
            var discounts = Discounts.Of(CountsOfCounts.Of(counts), single: false);
            AssertClose(golden.GetProperty("D")[i], [0, discounts.One, discounts.Two, discounts.More]);
        }
    }

    [Fact]
    public async Task The_positional_model_has_the_golden_probabilities()
    {
        var golden = Named("lm-small");
        var packing = new CellPacking(golden.GetProperty("V").GetInt32());
        var train = Documents(golden.GetProperty("train"));
        var counts = new long[packing.Vocabulary];
        foreach (var word in train.SelectMany(document => document))
            counts[word]++;
        var logs = Unigram.Logs(Unigram.Of(counts));
        AssertClose(golden.GetProperty("l"), logs);

        var plan = new ContextPlan([new LagSet(1), new LagSet(2)], continuesTop: false);
        var solution = LanguageSolution.Count(packing, plan, train, single: true);
        double[][] continuation = [solution.ContinuationAt(1), solution.ContinuationAt(2)];
        double[] weights = [1, 0.5];
        var logContinuation = Array.ConvertAll(continuation, Unigram.Logs);
        AssertClose(golden.GetProperty("log_pc"), logContinuation);
        var tables = await Task.WhenAll(plan.Sets.Select((set, k) => solution.TableOfAsync<double>(set, continuation[k])));
        var scores = logs.Select((log, c) => log + weights.Select((weight, k) => weight * (logContinuation[k][c] - log)).Sum()).ToArray();
        var stored = LanguageModel.PositionalBase(logs, logContinuation, weights);
        Assert.All(stored, (score, c) => Assert.Equal(scores[c], score, 1e-6));
        AssertClose(golden.GetProperty("logp"), LogsOf(packing, scores, tables, weights, Documents(golden.GetProperty("test"))));
    }

    [Theory]
    [InlineData(2, "kn_bigram_logp")]
    [InlineData(3, "kn_trigram_logp")]
    public async Task A_chain_with_one_discount_is_the_golden_Kneser_Ney_model(int order, string key)
    {
        var golden = Named("lm-small");
        var packing = new CellPacking(golden.GetProperty("V").GetInt32());
        var plan = new ContextPlan([.. Enumerable.Range(1, order - 1).Select(ContextPlan.ChainOf)], continuesTop: false);
        var solution = LanguageSolution.Count(packing, plan, Documents(golden.GetProperty("train")), single: true);
        var tables = await Task.WhenAll(plan.Sets.Select(set => solution.TableOfAsync<double>(set)));
        var logs = LogsOf(packing, Unigram.Logs(solution.Continuation), tables, [.. tables.Select(_ => 1.0)], Documents(golden.GetProperty("test")));
        AssertClose(golden.GetProperty(key), logs);
    }

    private static IEnumerable<double> LogsOf(CellPacking packing, double[] scores, ExpertTable<double>[] tables, double[] weights, int[][] documents) =>
        from document in documents
        from i in Enumerable.Range(0, document.Length)
        select LanguageScorer.LogProbabilitiesPlain(packing, scores, [.. tables.Select((table, k) => (table, weights[k]))], document, i)[document[i]];

    private static (CellPacking Packing, ContextPlan Plan, LanguageSolution Solution) Solve(JsonElement golden)
    {
        var packing = new CellPacking(golden.GetProperty("V").GetInt32());
        var sets = golden.GetProperty("sets").EnumerateArray()
            .Select(set => (Lags: new LagSet([.. set.GetProperty("lags").EnumerateArray().Select(lag => lag.GetInt32())]), Far: set.GetProperty("far").GetInt32())).ToArray();
        var top = sets.Where(set => set.Lags.IsChain).OrderBy(set => set.Lags.Last).LastOrDefault();
        var plan = new ContextPlan([.. sets.Select(set => set.Lags)], continuesTop: top.Far > 0);
        var prunes = golden.GetProperty("prune").GetBoolean();
        return (packing, plan, LanguageSolution.Count(packing, plan, Documents(golden.GetProperty("train")), prunes: prunes));
    }

    private static int[][] Documents(JsonElement json) => [.. json.EnumerateArray().Select(row => row.EnumerateArray().Select(id => id.GetInt32()).ToArray())];

    private static double[] Vector(JsonElement json) => [.. json.EnumerateArray().Select(value => value.GetDouble())];

    private static void AssertClose(JsonElement expected, double[][] actual)
    {
        Assert.Equal(expected.GetArrayLength(), actual.Length);
        for (var i = 0; i < actual.Length; i++)
            AssertClose(expected[i], actual[i]);
    }

    private static void AssertClose(JsonElement expected, IEnumerable<double> actual)
    {
        var values = actual.ToArray();
        Assert.Equal(expected.GetArrayLength(), values.Length);
        for (var i = 0; i < values.Length; i++)
            Assert.Equal(expected[i].GetDouble(), values[i], Tolerance);
    }

    private static string KindOf(JsonElement json) => json.GetProperty("kind").GetString()!;

    private static JsonElement Named(string name) => Cases.Single(json => json.GetProperty("name").GetString() == name);

    private static JsonElement[] Load()
    {
        using var stream = typeof(LanguageGoldenTests).Assembly.GetManifestResourceStream("golden-language.json")!;
        return [.. JsonDocument.Parse(stream).RootElement.EnumerateArray()];
    }
}
