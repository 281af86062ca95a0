using ExplicitCluster.Numerics.Elementary;

namespace ExplicitCluster.Numerics.Language;

/// <summary>
/// Fits the weights of a product of experts on held-out positions: Newton on the sum of -log p, which is convex in the weights (docs/math.md 10). The weight of
/// log p(c) comes first, then one a table. The score of a word is w_0 l_c + sum of w_k delta_k; sums over all words need the touched ones alone.
/// Sums run in the order of the positions: the same bits everywhere.
/// </summary>
public sealed class WeightFit
{
    private const int MostSteps = 50;
    private const double LeastShare = 1e-4;
    private const double LeastGain = 1e-12;
    private const double LeastStep = 1e-9;

    private readonly CellPacking _packing;
    private readonly double[] _logUnigram;
    private readonly ExpertTable<double>[] _tables;
    private readonly double[] _baseTerms;
    private readonly int[] _slots;
    private readonly int[] _words;
    private readonly double[] _scores;

    /// <summary>Of each touched word a row of what the weights multiply: log p(c), then the deltas.</summary>
    private double[] _features = [];

    private double _base0, _base1, _base2;

    /// <param name="packing">The vocabulary.</param>
    /// <param name="logUnigram">log p of every word.</param>
    /// <param name="tables">Experts counted without the held-out positions.</param>
    public WeightFit(CellPacking packing, double[] logUnigram, ExpertTable<double>[] tables)
    {
        (_packing, _logUnigram, _tables) = (packing, logUnigram, tables);
        var vocabulary = packing.Vocabulary;
        (_baseTerms, _slots, _words, _scores) = (new double[vocabulary], new int[vocabulary], new int[vocabulary], new double[vocabulary]);
    }

    /// <summary>1 on the unigram and on the chain, 0 elsewhere: the modified Kneser-Ney n-gram.</summary>
    public double[] Start => [1, .. _tables.Select(table => table.Set.IsChain ? 1.0 : 0.0)];

    /// <summary>Fits; each step is halved until it brings 1e-4 of what it promised, and they end when one promises less than 1e-12 a position.</summary>
    /// <exception cref="LanguageException">There is no position, or the weights cannot be told apart.</exception>
    public FittedWeights Fit(HeldOutPositions positions, CancellationToken cancellationToken)
    {
        if (positions.Count == 0)
            throw new LanguageException("there is no held-out position to fit weights on", "add training documents, or set solve.weights to ones or harmonic");
        var weights = Start;
        var sums = Evaluate(weights, positions, second: true, cancellationToken);
        for (var step = 0; ; step++)
        {
            var direction = LinearSystem.Solve(sums.Hessian, sums.Gradient)
                ?? throw new LanguageException("the held-out text does not tell the weights of all sets of lags", "use fewer sets, or more held-out text");
            var gain = 0.0;
            for (var k = 0; k < weights.Length; k++)
                gain += direction[k] * sums.Gradient[k];
            if (gain <= LeastGain * positions.Count || step == MostSteps)
                return new FittedWeights(weights, sums.Loss / positions.Count, positions.Count, step);
            // The whole step is nearly always good, and its derivatives are those of the next.
            var length = 1.0;
            var moved = Evaluate(Moved(length), positions, second: true, cancellationToken);
            while (length > LeastStep && moved.Loss > sums.Loss - LeastShare * length * gain)
            {
                length /= 2;
                moved = Evaluate(Moved(length), positions, second: true, cancellationToken);
            }
            (weights, sums) = (Moved(length), moved);

            double[] Moved(double by) => [.. weights.Select((weight, k) => weight - by * direction[k])];
        }
    }

    /// <summary>The loss, and where <paramref name="second"/> its gradient and Hessian (row-major) in the weights, summed over the positions.</summary>
    public WeightSums Evaluate(double[] weights, HeldOutPositions positions, bool second, CancellationToken cancellationToken)
    {
        StartBase(weights[0]);
        var size = weights.Length;
        var sums = new WeightSums(size);
        var (means, products) = (new double[size], new double[size * size]);
        for (var m = 0; m < positions.Count; m++)
        {
            if (m % 64 == 0)
                cancellationToken.ThrowIfCancellationRequested();
            Add(positions, m, weights, second, sums, means, products);
        }
        return sums;
    }

    private void StartBase(double weight)
    {
        for (var c = 0; c < _baseTerms.Length; c++)
            _baseTerms[c] = weight * _logUnigram[c];
        SameBits.Exp(_baseTerms, _baseTerms);
        (_base0, _base1, _base2) = (0, 0, 0);
        for (var c = 0; c < _baseTerms.Length; c++)
        {
            _base0 += _baseTerms[c];
            _base1 += _baseTerms[c] * _logUnigram[c];
            _base2 += _baseTerms[c] * _logUnigram[c] * _logUnigram[c];
        }
    }

    private void Add(HeldOutPositions positions, int m, double[] weights, bool second, WeightSums sums, double[] means, double[] products)
    {
        var size = weights.Length;
        var touched = Touch(positions, m, size);
        for (var i = 0; i < touched; i++)
        {
            var score = 0.0;
            for (var k = 0; k < size; k++)
                score += weights[k] * _features[i * size + k];
            _scores[i] = score;
        }
        var targetScore = _scores[_slots[positions.Words[m]] - 1];
        var terms = _scores.AsSpan(0, touched);
        SameBits.Exp(terms, terms);
        double z = _base0, first = _base1, squared = _base2;
        for (var i = 0; i < touched; i++)
        {
            var (more, log) = (terms[i] - _baseTerms[_words[i]], _features[i * size]);
            z += more;
            first += more * log;
            squared += more * log * log;
        }
        sums.Loss += SameBits.Log(z) - targetScore;
        if (second)
            AddSecond(_slots[positions.Words[m]] - 1, terms, z, (first, squared), sums, means, products);
        for (var i = 0; i < touched; i++)
            _slots[_words[i]] = 0;
    }

    private void AddSecond(int target, ReadOnlySpan<double> terms, double z, (double First, double Squared) logs, WeightSums sums, double[] means, double[] products)
    {
        var size = means.Length;
        Array.Clear(means);
        Array.Clear(products);
        for (var i = 0; i < terms.Length; i++)
        {
            var features = _features.AsSpan(i * size, size);
            var share = terms[i] / z;
            for (var k = 1; k < size; k++)
            {
                var part = share * features[k];
                if (part == 0)
                    continue;
                means[k] += part;
                for (var j = 0; j <= k; j++)
                    products[k * size + j] += part * features[j];
            }
        }
        (means[0], products[0]) = (logs.First / z, logs.Squared / z);
        for (var k = 0; k < size; k++)
        {
            sums.Gradient[k] += means[k] - _features[target * size + k];
            for (var j = 0; j <= k; j++)
            {
                var value = products[k * size + j] - means[k] * means[j];
                sums.Hessian[k * size + j] += value;
                if (j < k)
                    sums.Hessian[j * size + k] += value;
            }
        }
    }

    /// <summary>Gathers the touched words of a position, the target always one of them, and their features; gives how many they are.</summary>
    private int Touch(HeldOutPositions positions, int m, int size)
    {
        var count = 0;
        for (var k = 0; k < _tables.Length; k++)
        {
            var row = _tables[k][_tables[k].Find(positions.Context(m, k))];
            for (var i = 0; i < row.Words.Length; i++)
            {
                var slot = SlotOf(row.Words[i], size, ref count); // which may make the features longer
                _features[slot * size + k + 1] = row.Deltas[i];
            }
        }
        SlotOf(positions.Words[m], size, ref count);
        return count;
    }

    private int SlotOf(int word, int size, ref int count)
    {
        if (_slots[word] > 0)
            return _slots[word] - 1;
        if (_features.Length < (count + 1) * size)
            Array.Resize(ref _features, Math.Max(2 * _features.Length, 1024 * size));
        _features.AsSpan(count * size, size).Clear();
        _features[count * size] = _logUnigram[word];
        _words[count] = word;
        _slots[word] = count + 1;
        return count++;
    }
}
