namespace ExplicitCluster.Numerics.Metrics;

public sealed partial class Evaluation
{
    /// <summary>The definitions, one after the other, in float64: accuracy, cross-entropy in nats a row, and expected calibration error.</summary>
    /// <param name="scores">(rows, C), row-major.</param>
    /// <param name="labels">Classes.</param>
    /// <param name="classes">C.</param>
    public static (double Accuracy, double CrossEntropy, double CalibrationError) MeasurePlain(ReadOnlySpan<double> scores, ReadOnlySpan<int> labels, int classes)
    {
        var (correct, loss) = (0.0, 0.0);
        var (confidence, right) = (new double[Bins], new double[Bins]);
        for (var m = 0; m < labels.Length; m++)
        {
            var row = scores.Slice(m * classes, classes);
            var (best, most, sum) = (0, row[0], 0.0);
            for (var c = 1; c < classes; c++)
                (best, most) = row[c] > most ? (c, row[c]) : (best, most);
            for (var c = 0; c < classes; c++)
                sum += Math.Exp(row[c] - most);
            loss += Math.Log(sum) + most - row[labels[m]];
            var bin = Math.Min((int)(Bins / sum), Bins - 1);
            confidence[bin] += 1 / sum;
            right[bin] += best == labels[m] ? 1 : 0;
            correct += best == labels[m] ? 1 : 0;
        }
        var error = 0.0;
        for (var bin = 0; bin < Bins; bin++)
            error += Math.Abs(confidence[bin] - right[bin]);
        return (correct / labels.Length, loss / labels.Length, error / labels.Length);
    }
}
