using ExplicitCluster.Abstractions.Curves;

namespace ExplicitCluster.Client.Rendering.Curves;

/// <summary>
/// Whether more data is worth it. The line through the last two points, over the logarithm of the rows, is drawn on to twice the data. More data is worth it where
/// that lowers the cross-entropy of the test rows by 1 % or more.
/// </summary>
/// <param name="Rows">Twice the rows.</param>
/// <param name="CrossEntropy">Nats a test row that the line gives there.</param>
/// <param name="Accuracy">Share of right test rows that the line gives there.</param>
/// <param name="IsWorthIt">What the rule says.</param>
/// <param name="Sentence">The same in words.</param>
public sealed record CurveVerdict(long Rows, double CrossEntropy, double Accuracy, bool IsWorthIt, string Sentence)
{
    /// <summary>What doubling the data must save of the cross-entropy.</summary>
    public const double LeastGain = .01;

    /// <summary>Null where there is one point only.</summary>
    public static CurveVerdict? Of(CurveReport report)
    {
        if (report.Points.Length < 2)
            return null;
        var (before, last) = (report.Points[^2], report.Points[^1]);
        var doublings = Math.Log2((double)last.Rows / before.Rows);
        var loss = last.CrossEntropy + (last.CrossEntropy - before.CrossEntropy) / doublings;
        var accuracy = Math.Clamp(last.Accuracy + (last.Accuracy - before.Accuracy) / doublings, 0, 1);
        var gain = (last.CrossEntropy - loss) / last.CrossEntropy;
        var isWorthIt = gain >= LeastGain;
        var sentence = FormattableString.Invariant(
            $"{(isWorthIt ? "More data is worth it" : "More data is hardly worth it")}: going on as from {Figures.Count(before.Rows)} to {Figures.Count(last.Rows)} rows, {Figures.Count(2 * last.Rows)} rows would bring the cross-entropy from {Figures.Measure(last.CrossEntropy)} to about {Figures.Measure(loss)} ({(gain < 0 ? "+" : "-")}{Math.Abs(100 * gain):0.0} %) and the accuracy from {Figures.Measure(last.Accuracy)} to about {Figures.Measure(accuracy)}. Worth it is 1 % of cross-entropy or more for twice the data.");
        return new CurveVerdict(2 * last.Rows, loss, accuracy, isWorthIt, sentence);
    }
}
