using ExplicitCluster.Numerics.Language;

namespace ExplicitCluster.Grains.Tests.Language;

/// <summary>What must hold of the probabilities of any model.</summary>
internal static class Probabilities
{
    /// <summary>At every position those of all words sum to 1, and that of the word is the one that is found from touched cells alone.</summary>
    public static void SumToOne(LanguageModel model, IReadOnlyList<int[]> documents)
    {
        var (scorer, logs) = (new LanguageScorer(model), new double[model.Packing.Vocabulary]);
        Assert.NotEmpty(documents);
        foreach (var document in documents)
        {
            for (var position = 0; position < document.Length; position++)
            {
                scorer.LogProbabilities(document, position, logs);
                Assert.Equal(1, logs.Sum(Math.Exp), 1e-6);
                Assert.Equal(logs[document[position]], scorer.LogProbability(document, position), 1e-6);
            }
        }
    }
}
