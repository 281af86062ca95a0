using CsCheck;
using ExplicitCluster.Numerics.Language;

namespace ExplicitCluster.Numerics.Tests.Language;

public class TextSamplerTests
{
    private const int Vocabulary = 40;

    private static readonly Gen<LanguageModel> Models =
        from documents in Gen.Int[0, Vocabulary - 1].Array[1, 300].Array[1, 5]
        from prunes in Gen.Bool
        from weights in Gen.Double[-0.5, 1.5].Array[4]
        select ModelOf(documents, prunes, weights);

    [Fact]
    public void Probabilities_of_all_words_sum_to_one_in_every_context() => Gen.Select(Models, Gen.Int[0, Vocabulary - 1].Array[0, 5]).Sample((model, context) =>
    {
        var (scorer, logs) = (new LanguageScorer(model), new double[Vocabulary]);
        scorer.LogProbabilities(context, context.Length, logs);
        Assert.Equal(1, logs.Sum(Math.Exp), 1e-12);
        // And one by one, each by the words that its context touches.
        var one = Enumerable.Range(0, Vocabulary).Sum(word => Math.Exp(scorer.LogProbability([.. context, word], context.Length)));
        Assert.Equal(1, one, 1e-9);
    });

    [Fact]
    public void A_seed_gives_the_same_words_every_time_and_none_outside_the_vocabulary() =>
        Gen.Select(Models, Gen.ULong, Gen.Double[0, 2], Gen.Int[1, 60], Gen.Double[0.05, 1]).Sample((model, seed, temperature, topK, topP) =>
        {
            var settings = new SamplingSettings(temperature, topK, topP, seed);
            var words = Draw(model, settings, 60);
            Assert.All(words, word => Assert.InRange(word, 1, Vocabulary - 1));
            Assert.Equal(words, Draw(model, settings, 60));
        });

    [Fact]
    public void Seeds_differ_and_the_coldest_and_narrowest_take_the_most_probable_word()
    {
        var model = ModelOf([[.. Enumerable.Range(0, 500).Select(i => i * i % Vocabulary)]], false, [1, 1, 1, 0.5]);
        Assert.NotEqual(Draw(model, new SamplingSettings(Seed: 1), 50), Draw(model, new SamplingSettings(Seed: 2), 50));
        var coldest = Draw(model, new SamplingSettings(Temperature: 0), 50);
        Assert.Equal(coldest, Draw(model, new SamplingSettings(TopK: 1), 50));
        Assert.Equal(coldest, Draw(model, new SamplingSettings(TopP: 1e-9), 50));
    }

    [Fact]
    public void Words_are_drawn_as_often_as_they_are_probable()
    {
        var model = ModelOf([[.. Enumerable.Range(0, 500).Select(i => i * i % Vocabulary)]], false, [1, 1, 1, 0.5]);
        var (sampler, logs, seen) = (new TextSampler(model, new SamplingSettings(Seed: 5)), new double[Vocabulary], new int[Vocabulary]);
        new LanguageScorer(model).LogProbabilities([4], 1, logs);
        const int Draws = 20_000;
        for (var i = 0; i < Draws; i++)
            seen[sampler.Next([4])]++;
        var known = logs.Skip(1).Sum(Math.Exp);
        for (var word = 1; word < Vocabulary; word++)
        {
            var share = Math.Exp(logs[word]) / known;
            Assert.InRange(seen[word] / (double)Draws - share, -5 * Math.Sqrt(share / Draws), 5 * Math.Sqrt(share / Draws));
        }
    }

    [Fact]
    public async Task Fitted_weights_have_no_gradient_left_and_beat_their_start()
    {
        var random = new Random(3);
        int[][] documents = [.. Enumerable.Range(0, 60).Select(_ => Enumerable.Range(0, 80).Select(i => (i % 7 * 5 + random.Next(6)) % Vocabulary).ToArray())];
        var (packing, plan) = (new CellPacking(Vocabulary), new ContextPlan([new LagSet(1), new LagSet(1, 2), new LagSet(2)], continuesTop: false));
        var solution = LanguageSolution.Count(packing, plan, documents[10..]);
        var tables = await Task.WhenAll(plan.Sets.Select(set => solution.TableOfAsync<double>(set)));
        var fit = new WeightFit(packing, Unigram.Logs(solution.Continuation), tables);
        var positions = new HeldOutPositions(packing, plan.Sets);
        foreach (var document in documents[..10])
        {
            for (var i = 0; i < document.Length; i++)
                positions.Add(document, i);
        }
        var fitted = fit.Fit(positions, CancellationToken.None);
        Assert.InRange(fitted.CrossEntropy, 0, fit.Evaluate(fit.Start, positions, second: false, CancellationToken.None).Loss / positions.Count - 1e-3);
        Assert.All(fit.Evaluate(fitted.Weights, positions, second: true, CancellationToken.None).Gradient, g => Assert.InRange(g / positions.Count, -1e-6, 1e-6));
    }

    [Fact]
    public void An_epoch_of_descent_lowers_the_loss_and_gives_the_mean_of_what_it_passed()
    {
        int[][] documents = [[.. Enumerable.Range(0, 400).Select(i => i * i % Vocabulary)], [.. Enumerable.Range(0, 300).Select(i => i * 7 % Vocabulary)]];
        var model = ModelOf(documents, false, [1, 0.4, 0.3, 0.2]);
        Assert.InRange(LossOf(LanguageSgd.Epoch(model, documents, 0.1, CancellationToken.None)), 0, LossOf(model) - 10);

        // The first change stands for the whole epoch, however many steps follow.
        int[][] first = [[3, 9]];
        var one = LanguageSgd.Epoch(model, [[3]], 0.2, CancellationToken.None);
        var two = LanguageSgd.Epoch(model, first, 0.2, CancellationToken.None);
        for (var k = 0; k < 2; k++) // lag 3 is before the start both times
        {
            var row = model.Tables[k].Find(model.Packing.ContextAt(first[0], 0, model.Tables[k].Set));
            Assert.Equal(one.Tables[k][row].Deltas.ToArray(), two.Tables[k][row].Deltas.ToArray());
        }

        double LossOf(LanguageModel of)
        {
            var scorer = new LanguageScorer(of);
            return documents.Sum(document => Enumerable.Range(0, document.Length).Sum(i => -scorer.LogProbability(document, i)));
        }
    }

    private static List<int> Draw(LanguageModel model, SamplingSettings settings, int count)
    {
        var (sampler, words) = (new TextSampler(model, settings), new List<int>());
        for (var i = 0; i < count; i++)
            words.Add(sampler.Next([.. words]));
        return words;
    }

    private static LanguageModel ModelOf(int[][] documents, bool prunes, double[] weights)
    {
        var (packing, plan) = (new CellPacking(Vocabulary), new ContextPlan([new LagSet(1), new LagSet(1, 2), new LagSet(3)], continuesTop: false));
        var solution = LanguageSolution.Count(packing, plan, documents, prunes: prunes);
        var tables = Task.WhenAll(plan.Sets.Select(set => solution.TableOfAsync<float>(set))).GetAwaiter().GetResult();
        return new LanguageModel(packing, LanguageModel.BaseOf(Unigram.Logs(solution.Continuation), weights[0]), tables, weights[1..]);
    }
}
