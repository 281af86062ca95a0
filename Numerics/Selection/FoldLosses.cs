using System.Runtime.Intrinsics;
using ExplicitCluster.Numerics.Elementary;
using ExplicitCluster.Numerics.Metrics;

namespace ExplicitCluster.Numerics.Selection;

/// <summary>From the maps' sums of a tile of rows to losses and right answers under every group, prior and K, eight alphas at once.</summary>
internal sealed class FoldLosses
{
    private const int Lanes = GridSettings.Lanes;
    private const int Half = Lanes / 2;

    private readonly GridSettings _settings;
    private readonly FoldEvidence _evidence;
    private readonly double[] _divisors;
    private readonly LeaveOneOutPrior[] _priors;
    private readonly double[][][] _foldPriors; // of each prior and fold, (C)

    /// <param name="settings">The grid.</param>
    /// <param name="evidence">Evidence of the classes.</param>
    /// <param name="divisors">What K is divided by, a number a group.</param>
    public FoldLosses(GridSettings settings, FoldEvidence evidence, double[] divisors)
    {
        (_settings, _evidence, _divisors) = (settings, evidence, divisors);
        _priors = [.. settings.Priors.Select(prior => new LeaveOneOutPrior(evidence.Whole, prior.Beta))];
        _foldPriors = [.. settings.Priors.Select(prior => evidence.Without.Select(without => LogPrior(without, prior)).ToArray())];
    }

    public void Add(int alphaGroup, ReadOnlySpan<int> labels, ReadOnlySpan<int> folds, TileSums sums, GridSums result)
    {
        var alphas = Math.Min(Lanes, _settings.Alphas.Count - alphaGroup * Lanes);
        var size = _evidence.Classes * Lanes;
        var means = new double[size];
        var scores = new double[size];
        var prior = new double[_evidence.Classes];
        for (var m = 0; m < labels.Length; m++)
        {
            var y = labels[m];
            for (var group = 0; group < _settings.Groups.Count; group++)
            {
                WriteMeans(sums.LeftOut, group, m * size, means);
                for (var p = 0; p < _priors.Length; p++)
                {
                    if (!WriteLeftOutPrior(p, y, sums.Share[m], prior))
                        continue;
                    if (group == 0 && alphaGroup == 0)
                        result.LeftOutRows[p]++;
                    var at = _settings.IndexOf(group, p, alphaGroup * Lanes, 0);
                    AddLosses(means, prior, y, scores, result.LeftOutLoss.AsSpan(at), result.LeftOutCorrect.AsSpan(at), alphas);
                }
                WriteMeans(sums.Held, group, m * size, means);
                for (var p = 0; p < _priors.Length; p++)
                {
                    var at = folds[m] * result.Settings + _settings.IndexOf(group, p, alphaGroup * Lanes, 0);
                    AddLosses(means, _foldPriors[p][folds[m]], y, scores, result.FoldLoss.AsSpan(at), result.FoldCorrect.AsSpan(at), alphas);
                }
            }
            if (alphaGroup == 0)
                result.FoldRows[folds[m]]++;
        }
    }

    private void WriteMeans(double[][] sums, int group, int at, double[] means)
    {
        var maps = _settings.Groups[group];
        sums[maps[0]].AsSpan(at, means.Length).CopyTo(means);
        foreach (var map in maps.AsSpan(1))
        {
            for (var i = 0; i < means.Length; i++)
                means[i] += sums[map][at + i];
        }
        for (var i = 0; i < means.Length; i++)
            means[i] /= _divisors[group];
    }

    /// <summary>The prior of a row's class without the row; false where the row cannot be left out.</summary>
    private bool WriteLeftOutPrior(int p, int y, double share, double[] prior)
    {
        var setting = _settings.Priors[p];
        if (share == 0 || (!setting.IsUniform && !_priors[p].Leaves(y, share)))
            return false;
        if (setting.IsUniform)
            Array.Clear(prior);
        else
            _priors[p].Write(y, share, prior);
        return true;
    }

    private static double[] LogPrior(double[] evidence, PriorSetting prior)
    {
        var total = SameBits.Log(evidence.Sum() + prior.Beta * evidence.Length);
        return prior.IsUniform ? new double[evidence.Length] : [.. evidence.Select(t => SameBits.Log(t + prior.Beta) - total)];
    }

    /// <summary>Adds one row's losses under every K to (alphas, Ks), row-major.</summary>
    private void AddLosses(double[] means, double[] prior, int y, double[] scores, Span<Int128> losses, Span<long> correct, int alphas)
    {
        Span<double> loss = stackalloc double[Lanes];
        Span<double> isRight = stackalloc double[Lanes];
        for (var k = 0; k < _settings.Ks.Count; k++)
        {
            for (var half = 0; half < Lanes && half < alphas; half += Half)
                AddHalf(means.AsSpan(half), prior, y, scores, (_settings.Ks[k], half), loss, isRight);
            for (var alpha = 0; alpha < alphas; alpha++)
            {
                var at = alpha * _settings.Ks.Count + k;
                losses[at] += ExactSum.Units(loss[alpha]);
                correct[at] += isRight[alpha] > 0 ? 1 : 0;
            }
        }
    }

    private static void AddHalf(ReadOnlySpan<double> means, double[] prior, int y, double[] scores, (double K, int Half) at, Span<double> loss, Span<double> isRight)
    {
        var k = Vector256.Create(at.K);
        var most = Vector256.Create(double.NegativeInfinity);
        for (var c = 0; c < prior.Length; c++)
        {
            var score = k * Vector256.Create(means[(c * Lanes)..]) + Vector256.Create(prior[c]);
            score.CopyTo(scores, c * Half);
            most = Vector256.Max(most, score);
        }
        var own = Vector256.Create(scores, y * Half);
        var sum = Vector256<double>.Zero;
        var beaten = Vector256<double>.Zero; // by a class before it that is as good, or by one after it that is better
        for (var c = 0; c < prior.Length; c++)
        {
            var score = Vector256.Create(scores, c * Half);
            sum += SameBits.Exp(score - most);
            if (c != y)
                beaten |= c < y ? Vector256.GreaterThanOrEqual(score, own) : Vector256.GreaterThan(score, own);
        }
        (most + SameBits.Log(sum) - own).CopyTo(loss[at.Half..]);
        Vector256.AndNot(Vector256<double>.One, beaten).CopyTo(isRight[at.Half..]);
    }
}
