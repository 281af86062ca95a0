using ExplicitCluster.Numerics.Elementary;
using ExplicitCluster.Numerics.Metrics;

namespace ExplicitCluster.Numerics.Groups;

/// <summary>The float64 twin of a solution by groups: the equations of docs/math.md 11 as they stand there, over whole matrices.</summary>
public sealed class GroupedPlain
{
    private readonly double[,] _x;
    private readonly int[] _y;
    private readonly int[] _slot;
    private readonly int _slots;
    private readonly double[] _prior;
    private readonly double[] _weight;
    private readonly double[] _sum;
    private readonly double[] _mean;

    /// <param name="x">(M, D) entries of the training rows.</param>
    /// <param name="y">(M) classes.</param>
    /// <param name="classes">C.</param>
    /// <param name="slot">(D) slot of each input.</param>
    /// <param name="slots">Number of slots.</param>
    /// <param name="classWeights">(C) how often a row of each class counts; null where each counts once.</param>
    public GroupedPlain(double[,] x, int[] y, int classes, int[] slot, int slots, double[]? classWeights = null)
    {
        classWeights ??= [.. Enumerable.Repeat(1.0, classes)];
        _weight = [.. y.Select(label => classWeights[label])];
        (_x, _y, _slot, _slots) = (x, y, slot, slots);
        _prior = [.. Enumerable.Range(0, classes).Select(c => classWeights[c] * Math.Max(y.Count(label => label == c), .3) / _weight.Sum())];
        _sum = [.. Enumerable.Range(0, Inputs).Select(j => Enumerable.Range(0, Rows).Sum(m => _weight[m] * x[m, j]))];
        _mean = [.. Enumerable.Range(0, Inputs).Select(j => Enumerable.Range(0, Rows).Sum(m => x[m, j]) / Math.Max(1, Enumerable.Range(0, Rows).Count(m => x[m, j] > 0)))];
        LeftOut = new double[Rows, classes];
        for (var m = 0; m < Rows; m++)
        {
            for (var c = 0; c < classes; c++)
                LeftOut[m, c] = SameBits.Log(_prior[c]);
        }
        Weights = new double[Inputs, classes];
    }

    /// <summary>Scores of the training rows, each left out of the counts: (M, C).</summary>
    public double[,] LeftOut { get; }

    /// <summary>Weights so far: (D, C); scores of other rows are the log prior plus x W.</summary>
    public double[,] Weights { get; }

    /// <summary>One list a fit.</summary>
    public List<double[]> Temperatures { get; } = [];

    private int Rows => _x.GetLength(0);

    private int Inputs => _x.GetLength(1);

    private int Classes => _prior.Length;

    /// <summary>The first layer and all passes.</summary>
    public void Train(GroupedSettings settings)
    {
        First(settings.Alpha);
        for (var pass = 0; pass < settings.Passes; pass++)
        {
            for (var part = 0; part < settings.Parts; part++)
                Pass(settings.PassAlpha, part, settings.Parts);
        }
    }

    private void First(double alpha)
    {
        var f = Counts((m, c) => _y[m] == c ? 1 : 0);
        double Al(int j, int c) => alpha * _mean[j] * Classes * _prior[c];
        Fit(
            j => true,
            (j, c) => SameBits.Log((f[j, c] + Al(j, c)) / (_sum[j] * _prior[c] + Al(j, c))),
            (m, j, c) => c != _y[m] ? 0 : SameBits.Log(Math.Max(f[j, c] - _weight[m] * _x[m, j], 0) + Al(j, c)) - SameBits.Log(f[j, c] + Al(j, c)));
    }

    private void Pass(double alpha, int part, int parts)
    {
        var p = new double[Rows, Classes];
        for (var m = 0; m < Rows; m++)
        {
            var row = new double[Classes];
            Softmax.Probabilities(RowOf(LeftOut, m), row);
            for (var c = 0; c < Classes; c++)
                p[m, c] = row[c];
        }
        var f = Counts((m, c) => _y[m] == c ? 1 : 0);
        var h = Counts((m, c) => p[m, c]);
        double Al(int j, int c) => alpha * _mean[j] * (.5 + .5 * Classes * _prior[c]);
        double Ratio(int j, int c) => SameBits.Log((f[j, c] + Al(j, c)) / (h[j, c] + Al(j, c)));
        Fit(
            j => j % parts == part,
            Ratio,
            (m, j, c) => SameBits.Log(
                Math.Max(f[j, c] + Al(j, c) - (c == _y[m] ? _weight[m] * _x[m, j] : 0), .999 * Al(j, c)) /
                Math.Max(h[j, c] + Al(j, c) - _weight[m] * _x[m, j] * p[m, c], .999 * Al(j, c))) - Ratio(j, c));
    }

    /// <summary>Slot scores from a layer's ratios and what leaving a row out changes in them; temperatures; then both become part of the scores.</summary>
    private void Fit(Func<int, bool> takes, Func<int, int, double> ratio, Func<int, int, int, double> change)
    {
        var d = new double[Inputs, Classes];
        var s = new double[_slots, Rows, Classes];
        for (var j = 0; j < Inputs; j++)
        {
            for (var c = 0; c < Classes && takes(j); c++)
            {
                d[j, c] = ratio(j, c);
                for (var m = 0; m < Rows; m++)
                    s[_slot[j], m, c] += _x[m, j] == 0 ? 0 : _x[m, j] * (d[j, c] + change(m, j, c));
            }
        }
        var search = TemperatureSearch.OfSlots(_slots);
        while (!search.IsDone)
            search.Take(SumsAt(search.Trial, s));
        Temperatures.Add(search.Trial);
        Add(LeftOut, search.Trial, s);
        for (var j = 0; j < Inputs; j++)
        {
            for (var c = 0; c < Classes; c++)
                Weights[j, c] += search.Trial[_slot[j]] * d[j, c];
        }
    }

    private TemperatureSums SumsAt(double[] e, double[,,] s)
    {
        var (loss, gradient, curvature) = (0.0, new double[_slots], new double[_slots, _slots]);
        var scores = (double[,])LeftOut.Clone();
        Add(scores, e, s);
        for (var m = 0; m < Rows; m++)
        {
            var p = new double[Classes];
            loss += _weight[m] * (Softmax.Probabilities(RowOf(scores, m), p) - scores[m, _y[m]]);
            var means = Enumerable.Range(0, _slots).Select(k => Enumerable.Range(0, Classes).Sum(c => p[c] * s[k, m, c])).ToArray();
            for (var k = 0; k < _slots; k++)
            {
                gradient[k] += _weight[m] * (means[k] - s[k, m, _y[m]]);
                for (var l = 0; l < _slots; l++)
                    curvature[k, l] += _weight[m] * (Enumerable.Range(0, Classes).Sum(c => p[c] * s[k, m, c] * s[l, m, c]) - means[k] * means[l]);
            }
        }
        return new TemperatureSums(Rows, loss, gradient, curvature);
    }

    private void Add(double[,] scores, double[] e, double[,,] s)
    {
        for (var m = 0; m < Rows; m++)
        {
            for (var c = 0; c < Classes; c++)
            {
                for (var k = 0; k < _slots; k++)
                    scores[m, c] += e[k] * s[k, m, c];
            }
        }
    }

    private double[,] Counts(Func<int, int, double> target)
    {
        var counts = new double[Inputs, Classes];
        for (var m = 0; m < Rows; m++)
        {
            for (var j = 0; j < Inputs; j++)
            {
                for (var c = 0; c < Classes; c++)
                    counts[j, c] += _weight[m] * _x[m, j] * target(m, c);
            }
        }
        return counts;
    }

    private double[] RowOf(double[,] values, int m) => [.. Enumerable.Range(0, Classes).Select(c => values[m, c])];
}
