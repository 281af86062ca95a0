using ExplicitCluster.Numerics.Elementary;

namespace ExplicitCluster.Numerics.Language;

/// <summary>
/// A next-token model with sparse weights (docs/math.md 10): the score of a word is a base that no context changes, and for every set of lags its weight times the
/// delta of (context, word) where that was seen. Probabilities are the softmax of the scores over all words.
/// </summary>
public sealed class LanguageModel
{
    /// <param name="packing">The vocabulary.</param>
    /// <param name="baseScores">Scores (V) without a context.</param>
    /// <param name="tables">An expert a set of lags.</param>
    /// <param name="weights">A weight an expert.</param>
    public LanguageModel(CellPacking packing, float[] baseScores, ExpertTable<float>[] tables, double[] weights)
    {
        if (baseScores.Length != packing.Vocabulary || weights.Length != tables.Length)
            throw new ArgumentException($"{baseScores.Length} scores of {packing.Vocabulary} words, {weights.Length} weights of {tables.Length} tables", nameof(baseScores));
        (Packing, Tables, Weights) = (packing, tables, weights);
        BaseScores = baseScores;
        BaseTerms = Array.ConvertAll(baseScores, score => SameBits.Exp(score));
        foreach (var term in BaseTerms)
            BaseSum += term;
    }

    public CellPacking Packing { get; }

    public float[] BaseScores { get; }

    public ExpertTable<float>[] Tables { get; }

    public double[] Weights { get; }

    /// <summary>The most tokens back that a context looks at.</summary>
    public int LongestLag => Tables.Max(table => table.Set.Last);

    /// <summary>Exponentials of the base scores.</summary>
    internal double[] BaseTerms { get; }

    internal double BaseSum { get; }

    /// <summary>The base of a product of experts: w_0 log p(c).</summary>
    public static float[] BaseOf(double[] logUnigram, double weight) => Array.ConvertAll(logUnigram, log => (float)(weight * log));

    /// <summary>The base of the positional model: l_c + sum over lags of w_k (log pc_k(c) - l_c), with l the word's log probability and pc_k its continuation at the lag.</summary>
    public static float[] PositionalBase(double[] logUnigram, double[][] logContinuation, double[] weights)
    {
        var scores = new float[logUnigram.Length];
        for (var c = 0; c < scores.Length; c++)
        {
            var score = logUnigram[c];
            for (var k = 0; k < weights.Length; k++)
                score += weights[k] * (logContinuation[k][c] - logUnigram[c]);
            scores[c] = (float)score;
        }
        return scores;
    }
}
