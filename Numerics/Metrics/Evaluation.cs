namespace ExplicitCluster.Numerics.Metrics;

/// <summary>
/// Accuracy, cross-entropy, confusion matrix and calibration as sums of integers: evaluations of disjoint rows add up to the evaluation of
/// their union, bit for bit.
/// </summary>
public sealed partial class Evaluation(int classes)
{
    /// <summary>Equal bins of confidence from 0 to 1.</summary>
    public const int Bins = 15;

    public int Classes { get; } = classes;

    public long Rows { get; private set; }

    /// <summary>Rows whose label is no class: they are in no figure.</summary>
    public long UnknownRows { get; set; }

    /// <summary>Sum of -log p(label), nats, in units of <see cref="ExactSum"/>.</summary>
    public Int128 Loss { get; private set; }

    /// <summary>(C, C), row-major: true class by predicted class.</summary>
    public long[] Confusion { get; } = new long[classes * classes];

    public long[] BinRows { get; } = new long[Bins];

    public long[] BinCorrect { get; } = new long[Bins];

    /// <summary>Sums of the predicted class's probability, in units of <see cref="ExactSum"/>.</summary>
    public Int128[] BinConfidence { get; } = new Int128[Bins];

    /// <summary>Rebuilds what another process counted.</summary>
    public static Evaluation Of(int classes, Int128 loss, ReadOnlySpan<long> confusion, ReadOnlySpan<long> binRows, ReadOnlySpan<long> binCorrect, ReadOnlySpan<Int128> binConfidence)
    {
        var evaluation = new Evaluation(classes) { Loss = loss };
        confusion.CopyTo(evaluation.Confusion);
        binRows.CopyTo(evaluation.BinRows);
        binCorrect.CopyTo(evaluation.BinCorrect);
        binConfidence.CopyTo(evaluation.BinConfidence);
        foreach (var rows in binRows)
            evaluation.Rows += rows;
        return evaluation;
    }

    /// <summary>Counts scored rows: scores are (rows, C), row-major; labels are classes.</summary>
    public void Add(ReadOnlySpan<double> scores, ReadOnlySpan<int> labels)
    {
        var probabilities = new double[Classes];
        for (var m = 0; m < labels.Length; m++)
        {
            var row = scores.Slice(m * Classes, Classes);
            var log = Softmax.Probabilities(row, probabilities);
            var best = Softmax.Best(row);
            var confidence = probabilities[best];
            var bin = Math.Min((int)(confidence * Bins), Bins - 1);
            Loss += ExactSum.Units(log - row[labels[m]]);
            Confusion[labels[m] * Classes + best]++;
            BinRows[bin]++;
            BinConfidence[bin] += ExactSum.Units(confidence);
            if (best == labels[m])
                BinCorrect[bin]++;
            Rows++;
        }
    }

    /// <summary>Adds the evaluation of other rows.</summary>
    public void Add(Evaluation other)
    {
        Rows += other.Rows;
        UnknownRows += other.UnknownRows;
        Loss += other.Loss;
        for (var i = 0; i < Confusion.Length; i++)
            Confusion[i] += other.Confusion[i];
        for (var bin = 0; bin < Bins; bin++)
        {
            BinRows[bin] += other.BinRows[bin];
            BinCorrect[bin] += other.BinCorrect[bin];
            BinConfidence[bin] += other.BinConfidence[bin];
        }
    }

    /// <summary>Share of rows whose most probable class is their label; NaN for no rows.</summary>
    public double Accuracy => Rows == 0 ? double.NaN : (double)BinCorrect.Sum() / Rows;

    /// <summary>Mean -log p(label), nats a row; NaN for no rows.</summary>
    public double CrossEntropy => ExactSum.Mean(Loss, Rows);

    /// <summary>ECE: the mean distance, weighted by rows, of confidence and accuracy over the bins; NaN for no rows.</summary>
    public double CalibrationError
    {
        get
        {
            var error = 0.0;
            for (var bin = 0; bin < Bins; bin++)
                error += Math.Abs(ExactSum.Mean(BinConfidence[bin], 1) - BinCorrect[bin]);
            return error / Rows;
        }
    }
}
