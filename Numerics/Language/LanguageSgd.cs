using ExplicitCluster.Numerics.Elementary;

namespace ExplicitCluster.Numerics.Language;

/// <summary>
/// Stochastic gradient descent on the stored deltas of a model, from where they are: after each token, every touched cell of the context moves by
/// -rate w (p(c) - [c = word]). Cells that were not seen stay 0, and so does the base. The result is the mean of the values over the epoch, each weighted by how long it stood.
/// </summary>
public sealed class LanguageSgd
{
    private readonly LanguageModel _model;
    private readonly float[][] _deltas;

    /// <summary>Sum over steps of (step number x change), from which the mean follows without a pass over all values at every step.</summary>
    private readonly float[][] _weighted;

    private readonly double[] _scores;
    private readonly double[] _terms;
    private readonly int[] _slots;
    private readonly int[] _touched;

    public LanguageSgd(LanguageModel model)
    {
        _model = model;
        _deltas = Array.ConvertAll(model.Tables, table => table.Deltas.ToArray());
        _weighted = Array.ConvertAll(model.Tables, table => new float[table.Cells]);
        var vocabulary = model.Packing.Vocabulary;
        (_scores, _terms, _slots, _touched) = (new double[vocabulary], new double[vocabulary], new int[vocabulary], new int[vocabulary]);
    }

    /// <summary>One epoch over documents in their order.</summary>
    /// <param name="documents">Ids of their tokens.</param>
    /// <param name="rate">The first rate; it falls linearly to 0.</param>
    /// <param name="cancellationToken">Checked between documents.</param>
    /// <returns>The model with the mean of all values.</returns>
    public LanguageModel Run(IReadOnlyList<int[]> documents, double rate, CancellationToken cancellationToken)
    {
        var (steps, step) = (documents.Sum(document => (long)document.Length), 0L);
        var rows = new (int Start, int Length)[_model.Tables.Length];
        foreach (var document in documents)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (var position = 0; position < document.Length; position++, step++)
                Step(document, position, rows, rate * (steps - step) / steps, (float)(step / (double)steps));
        }
        return new LanguageModel(_model.Packing, _model.BaseScores, [.. _model.Tables.Select((table, k) => MeanOf(table, _deltas[k], _weighted[k]))], _model.Weights);
    }

    private void Step(int[] document, int position, (int Start, int Length)[] rows, double rate, float time)
    {
        var count = 0;
        for (var k = 0; k < rows.Length; k++)
        {
            var table = _model.Tables[k];
            var row = table.Find(_model.Packing.ContextAt(document, position, table.Set));
            rows[k] = row < 0 ? default : (table.Starts[row], table.Starts[row + 1] - table.Starts[row]);
            var words = table.Words.Slice(rows[k].Start, rows[k].Length);
            var deltas = _deltas[k].AsSpan(rows[k].Start, rows[k].Length);
            for (var i = 0; i < words.Length; i++)
            {
                if (_slots[words[i]] == 0)
                {
                    _scores[count] = _model.BaseScores[words[i]];
                    _touched[count++] = words[i];
                    _slots[words[i]] = count;
                }
                _scores[_slots[words[i]] - 1] += _model.Weights[k] * deltas[i];
            }
        }
        var terms = _terms.AsSpan(0, count);
        SameBits.Exp(_scores.AsSpan(0, count), terms);
        var sum = _model.BaseSum;
        for (var i = 0; i < count; i++)
            sum += terms[i] - _model.BaseTerms[_touched[i]];
        for (var i = 0; i < count; i++)
            terms[i] = (_touched[i] == document[position] ? 1 : 0) - terms[i] / sum;
        for (var k = 0; k < rows.Length; k++)
        {
            var words = _model.Tables[k].Words.Slice(rows[k].Start, rows[k].Length);
            var deltas = _deltas[k].AsSpan(rows[k].Start, rows[k].Length);
            var weighted = _weighted[k].AsSpan(rows[k].Start, rows[k].Length);
            var factor = rate * _model.Weights[k];
            for (var i = 0; i < words.Length; i++)
            {
                var change = (float)(factor * terms[_slots[words[i]] - 1]);
                deltas[i] += change;
                weighted[i] += time * change;
            }
        }
        for (var i = 0; i < count; i++)
            _slots[_touched[i]] = 0;
    }

    /// <summary>A change at time t of the epoch stands for the rest of it: the mean lacks t of it.</summary>
    private static ExpertTable<float> MeanOf(ExpertTable<float> table, float[] last, float[] weighted)
    {
        var mean = new float[last.Length];
        for (var i = 0; i < mean.Length; i++)
            mean[i] = last[i] - weighted[i];
        return new ExpertTable<float>(table.Set, table.Contexts.ToArray(), table.Starts.ToArray(), table.Words.ToArray(), mean);
    }
}
