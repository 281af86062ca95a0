using System.Runtime.Intrinsics;
using ExplicitCluster.Numerics.Elementary;
using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Numerics.Selection;

/// <summary>Scores of dense rows, eight alphas at once (docs/math.md 4). Sums run over inputs in order, each alpha and class on its own. Safe for concurrent use.</summary>
internal sealed class DenseFoldScores
{
    private const int Lanes = GridSettings.Lanes;
    private const int Half = Lanes / 2;

    private readonly DenseFoldTables _tables;
    private readonly FoldEvidence _evidence;
    private readonly double[][] _alphas;
    private readonly Lazy<double[]>[][] _logs; // of each group of alphas and table, (D, C, lanes)

    public DenseFoldScores(DenseFoldTables tables, FoldEvidence evidence, GridSettings settings)
    {
        (_tables, _evidence) = (tables, evidence);
        _alphas = [.. Enumerable.Range(0, settings.AlphaGroups).Select(settings.AlphasOf)];
        _logs = [.. _alphas.Select(alphas => tables.Tables.Select(table => new Lazy<double[]>(() => LogsOf(table, alphas))).ToArray())];
    }

    private int Inputs => _tables.Layout.Inputs;

    private int Classes => _tables.Classes;

    /// <summary>Writes sum_j x̂_j log P(j | class) for rows <paramref name="first"/> on; zeros for rows of zero norm, which have no share.</summary>
    public void Write(int alphaGroup, DenseRows rows, int first, ReadOnlySpan<int> labels, ReadOnlySpan<int> folds, TileSums sums)
    {
        var values = new double[Inputs];
        var shares = new double[Inputs];
        var size = Classes * Lanes;
        for (var m = 0; m < labels.Length; m++)
        {
            var leftOut = sums.LeftOut[0].AsSpan(m * size, size);
            var held = sums.Held[0].AsSpan(m * size, size);
            leftOut.Clear();
            held.Clear();
            sums.Share[m] = Normalise(rows, first + m, values, shares);
            if (sums.Share[m] == 0)
                continue;
            AddRow(values, _logs[alphaGroup][0].Value, leftOut);
            AddRow(values, _logs[alphaGroup][1 + folds[m]].Value, held);
            Subtract(_evidence.Whole, alphaGroup, leftOut);
            Subtract(_evidence.Without[folds[m]], alphaGroup, held);
            WriteOwn(alphaGroup, values, shares, labels[m], sums.Share[m], leftOut.Slice(labels[m] * Lanes, Lanes));
        }
    }

    private static void AddRow(double[] values, double[] logs, Span<double> sums)
    {
        var at = 0;
        for (var j = 0; j < values.Length; j++, at += sums.Length)
        {
            if (values[j] == 0)
                continue;
            var x = Vector256.Create(values[j]);
            var cells = logs.AsSpan(at, sums.Length);
            for (var i = 0; i < sums.Length; i += Half)
                (Vector256.Create<double>(sums[i..]) + x * Vector256.Create<double>(cells[i..])).CopyTo(sums[i..]);
        }
    }

    private void Subtract(double[] evidence, int alphaGroup, Span<double> sums)
    {
        for (var i = 0; i < sums.Length; i++)
            sums[i] -= SameBits.Log(evidence[i / Lanes] + _alphas[alphaGroup][i % Lanes] * Inputs);
    }

    /// <summary>The own class without what the row brought to it.</summary>
    private void WriteOwn(int alphaGroup, double[] values, double[] shares, int y, double share, Span<double> sums)
    {
        var (lowAlphas, highAlphas) = (Vector256.Create(_alphas[alphaGroup], 0), Vector256.Create(_alphas[alphaGroup], Half));
        var (low, high) = (Vector256<double>.Zero, Vector256<double>.Zero);
        for (var j = 0; j < values.Length; j++)
        {
            if (values[j] == 0)
                continue;
            var x = Vector256.Create(values[j]);
            var rest = Vector256.Create(_tables.Tables[0][j * Classes + y] - shares[j]);
            low += x * SameBits.Log(rest + lowAlphas);
            high += x * SameBits.Log(rest + highAlphas);
        }
        var evidence = Vector256.Create(_evidence.Whole[y] - share);
        var inputs = Vector256.Create((double)Inputs);
        (low - SameBits.Log(evidence + lowAlphas * inputs)).CopyTo(sums);
        (high - SameBits.Log(evidence + highAlphas * inputs)).CopyTo(sums[Half..]);
    }

    /// <summary>Writes x̂ and its fixed-point share q / 2^20 of row m, and returns the sum of the shares: 0 for a row of zero norm.</summary>
    private double Normalise(DenseRows rows, int m, double[] values, double[] shares)
    {
        var norm = 0.0;
        for (var j = 0; j < values.Length; j++)
        {
            values[j] = rows.IsBytes ? rows.Bytes[m * Inputs + j] : rows.Floats[m * Inputs + j];
            norm += values[j];
        }
        if (norm == 0)
            return 0;
        var scale = FixedPoint.ScaleOf(norm);
        long sum = 0;
        for (var j = 0; j < values.Length; j++)
        {
            var q = FixedPoint.Quantise((float)values[j], scale);
            sum += q;
            shares[j] = (double)q / FixedPoint.One;
            values[j] /= norm;
        }
        return (double)sum / FixedPoint.One;
    }

    private static double[] LogsOf(double[] table, double[] alphas)
    {
        var logs = new double[checked(table.Length * Lanes)];
        for (var i = 0; i < logs.Length; i++)
            logs[i] = table[i / Lanes] + alphas[i % Lanes];
        SameBits.Log(logs, logs);
        return logs;
    }
}
