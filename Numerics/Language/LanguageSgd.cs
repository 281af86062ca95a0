using ExplicitCluster.Numerics.Elementary;
using ExplicitCluster.Numerics.Metrics;

namespace ExplicitCluster.Numerics.Language;

/// <summary>
/// Stochastic gradient descent on the stored deltas of a model, from where they are (docs/math.md 10): after each token, every touched cell of the context moves by
/// -rate w (p(c) - [c = word]). Cells that were not seen stay 0, and so does the base. The result is the mean of the values over the pass, each weighted by how long it stood.
/// One thread uses it at a time; it holds 8 bytes a cell beside the model.
/// </summary>
public sealed class LanguageSgd
{
    private readonly LanguageModel _model;
    private readonly float[][] _deltas;

    /// <summary>Sum over steps of (time of the step x change), from which the mean follows without a pass over all values at every step.</summary>
    private readonly float[][] _weighted;

    private readonly double[] _scores;
    private readonly double[] _terms;
    private readonly int[] _slots;
    private readonly int[] _touched;
    private readonly (int Start, int Length)[] _rows;
    private readonly long _steps;
    private readonly double _firstRate;
    private readonly double _lastRate;
    private long _step;

    /// <param name="model">Where it starts.</param>
    /// <param name="steps">Tokens of all documents that will be added.</param>
    /// <param name="firstRate">The rate of the first step.</param>
    /// <param name="lastRate">What it falls to linearly.</param>
    public LanguageSgd(LanguageModel model, long steps, double firstRate, double lastRate)
    {
        (_model, _steps, _firstRate, _lastRate) = (model, steps, firstRate, lastRate);
        _deltas = Array.ConvertAll(model.Tables, table => table.Deltas.ToArray());
        _weighted = Array.ConvertAll(model.Tables, table => new float[table.Cells]);
        _rows = new (int Start, int Length)[model.Tables.Length];
        var vocabulary = model.Packing.Vocabulary;
        (_scores, _terms, _slots, _touched) = (new double[vocabulary], new double[vocabulary], new int[vocabulary], new int[vocabulary]);
    }

    /// <summary>Sum of -log p of all tokens so far, each before the step that it is part of, in units of 2^-40 nats.</summary>
    public Int128 Loss { get; private set; }

    /// <summary>One pass over documents in their order, the rate falling to 0.</summary>
    /// <returns>The model with the mean of all values.</returns>
    public static LanguageModel Epoch(LanguageModel model, IReadOnlyList<int[]> documents, double rate, CancellationToken cancellationToken)
    {
        var sgd = new LanguageSgd(model, documents.Sum(document => (long)document.Length), rate, 0);
        foreach (var document in documents)
        {
            cancellationToken.ThrowIfCancellationRequested();
            sgd.Add(document);
        }
        return new LanguageModel(model.Packing, model.BaseScores, [.. model.Tables.Select((table, k) => table.WithDeltas(sgd.MeanOf(k)))], model.Weights);
    }

    /// <summary>A step on every token of a document.</summary>
    /// <exception cref="LanguageException">A loss is no number, or greater than any that a model can have.</exception>
    public void Add(ReadOnlySpan<int> document)
    {
        for (var position = 0; position < document.Length; position++, _step++)
            Step(document, position, _firstRate + (_lastRate - _firstRate) * _step / _steps, (float)(_step / (double)_steps));
    }

    /// <summary>The mean of the deltas of a table: a change at time t of the pass stands for the rest of it, so the mean lacks t of it.</summary>
    public float[] MeanOf(int table)
    {
        var (last, weighted, mean) = (_deltas[table], _weighted[table], new float[_deltas[table].Length]);
        for (var i = 0; i < mean.Length; i++)
            mean[i] = last[i] - weighted[i];
        return mean;
    }

    private void Step(ReadOnlySpan<int> document, int position, double rate, float time)
    {
        var (word, count) = (document[position], 0);
        for (var k = 0; k < _rows.Length; k++)
        {
            var table = _model.Tables[k];
            var row = table.Find(_model.Packing.ContextAt(document, position, table.Set));
            _rows[k] = row < 0 ? default : (table.Starts[row], table.Starts[row + 1] - table.Starts[row]);
            var words = table.Words.Slice(_rows[k].Start, _rows[k].Length);
            var deltas = _deltas[k].AsSpan(_rows[k].Start, _rows[k].Length);
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
        Lose(SameBits.Log(sum) - (_slots[word] == 0 ? _model.BaseScores[word] : _scores[_slots[word] - 1]));
        for (var i = 0; i < count; i++)
            terms[i] = (_touched[i] == word ? 1 : 0) - terms[i] / sum;
        for (var k = 0; k < _rows.Length; k++)
        {
            var words = _model.Tables[k].Words.Slice(_rows[k].Start, _rows[k].Length);
            var deltas = _deltas[k].AsSpan(_rows[k].Start, _rows[k].Length);
            var weighted = _weighted[k].AsSpan(_rows[k].Start, _rows[k].Length);
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

    private void Lose(double loss)
    {
        const double Most = 1 << 20;
        if (!(loss < Most))
            throw new LanguageException($"the refinement diverged: a token had a loss of {loss:0.0} nats after {_step:N0} of {_steps:N0} steps", "set a smaller refine.learningRate, or fewer refine.workers");
        Loss += ExactSum.Units(loss);
    }
}
