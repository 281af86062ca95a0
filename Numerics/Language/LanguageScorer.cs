using ExplicitCluster.Numerics.Elementary;

namespace ExplicitCluster.Numerics.Language;

/// <summary>
/// Probabilities of a model. The exact softmax needs the touched words alone, those that some expert has seen in the context:
/// Z = Z_0 + sum over touched c of (exp(score_c) - exp(base_c)), with Z_0 over all words computed once. Sums are in float64 and in a fixed order.
/// One thread uses it at a time.
/// </summary>
public sealed partial class LanguageScorer(LanguageModel model)
{
    private readonly double[] _added = new double[model.Packing.Vocabulary];
    private readonly bool[] _isTouched = new bool[model.Packing.Vocabulary];
    private readonly int[] _touched = new int[model.Packing.Vocabulary];
    private readonly double[] _terms = new double[model.Packing.Vocabulary];

    /// <summary>Cells read so far: the whole cost of the softmax.</summary>
    public long CellsRead { get; private set; }

    /// <summary>log probability of the word at <paramref name="position"/> of a document, given what is before it.</summary>
    public double LogProbability(ReadOnlySpan<int> document, int position)
    {
        var touched = Touch(document, position);
        var word = document[position];
        var score = model.BaseScores[word] + _added[word];
        var terms = _terms.AsSpan(0, touched.Length);
        for (var i = 0; i < touched.Length; i++)
            terms[i] = model.BaseScores[touched[i]] + _added[touched[i]];
        SameBits.Exp(terms, terms);
        var sum = model.BaseSum;
        for (var i = 0; i < touched.Length; i++)
            sum += terms[i] - model.BaseTerms[touched[i]];
        Forget(touched);
        return score - SameBits.Log(sum);
    }

    /// <summary>Writes log probabilities of all words at <paramref name="position"/>, which may be the end of the document.</summary>
    public void LogProbabilities(ReadOnlySpan<int> document, int position, Span<double> logs)
    {
        var touched = Touch(document, position);
        for (var c = 0; c < logs.Length; c++)
            logs[c] = model.BaseScores[c] + _added[c];
        Forget(touched);
        var terms = _terms.AsSpan(0, logs.Length);
        SameBits.Exp(logs, terms);
        var sum = 0.0;
        foreach (var term in terms)
            sum += term;
        var log = SameBits.Log(sum);
        for (var c = 0; c < logs.Length; c++)
            logs[c] -= log;
    }

    /// <summary>Adds up the experts' shares of the scores; gives the words that have one.</summary>
    private ReadOnlySpan<int> Touch(ReadOnlySpan<int> document, int position)
    {
        var count = 0;
        for (var k = 0; k < model.Tables.Length; k++)
        {
            var table = model.Tables[k];
            var row = table[table.Find(model.Packing.ContextAt(document, position, table.Set))];
            var words = row.Words;
            var deltas = row.Deltas[..words.Length];
            var weight = model.Weights[k];
            CellsRead += words.Length;
            for (var i = 0; i < words.Length; i++)
            {
                var word = words[i];
                _added[word] += weight * deltas[i];
                if (_isTouched[word])
                    continue;
                _isTouched[word] = true;
                _touched[count++] = word;
            }
        }
        return _touched.AsSpan(0, count);
    }

    private void Forget(ReadOnlySpan<int> touched)
    {
        foreach (var word in touched)
        {
            _added[word] = 0;
            _isTouched[word] = false;
        }
    }
}
