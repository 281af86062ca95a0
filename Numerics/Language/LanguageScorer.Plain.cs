using ExplicitCluster.Numerics.Elementary;

namespace ExplicitCluster.Numerics.Language;

/// <content>The float64 twin: an ordinary softmax over all words.</content>
public sealed partial class LanguageScorer
{
    /// <summary>log probabilities of all words at a position, from base scores and weighted deltas in float64.</summary>
    public static double[] LogProbabilitiesPlain(
        CellPacking packing, double[] baseScores, IReadOnlyList<(ExpertTable<double> Table, double Weight)> experts, ReadOnlySpan<int> document, int position)
    {
        var scores = (double[])baseScores.Clone();
        foreach (var (table, weight) in experts)
        {
            var row = table[table.Find(packing.ContextAt(document, position, table.Set))];
            for (var i = 0; i < row.Words.Length; i++)
                scores[row.Words[i]] += weight * row.Deltas[i];
        }
        var greatest = scores.Max();
        var log = greatest + SameBits.Log(scores.Sum(score => SameBits.Exp(score - greatest)));
        return Array.ConvertAll(scores, score => score - log);
    }
}
