using ExplicitCluster.Abstractions.Curves;

namespace ExplicitCluster.Client.Rendering.Curves;

/// <summary>
/// Whether more data is worth it. Error falls about as a power of the data: what the last part of it left of the cross-entropy (and of the share of wrong rows) a
/// doubling, twice the data leaves once more. More data is worth it where that lowers the cross-entropy of the test rows by 1 % or more.
/// </summary>
/// <param name="Rows">Twice the rows.</param>
/// <param name="CrossEntropy">Nats a test row to expect there.</param>
/// <param name="Accuracy">Share of right test rows to expect there.</param>
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
        var loss = Next(before.CrossEntropy, last.CrossEntropy, doublings);
        var accuracy = 1 - Math.Min(Next(1 - before.Accuracy, 1 - last.Accuracy, doublings), 1);
        var gain = last.CrossEntropy > 0 ? (last.CrossEntropy - loss) / last.CrossEntropy : 0;
        var isWorthIt = gain >= LeastGain;
        var sentence = FormattableString.Invariant(
            $"{(isWorthIt ? "More data is worth it" : "More data is hardly worth it")}: going on as from {Figures.Count(before.Rows)} to {Figures.Count(last.Rows)} rows, {Figures.Count(2 * last.Rows)} rows would bring the cross-entropy from {Figures.Measure(last.CrossEntropy)} to about {Figures.Measure(loss)} ({(gain < 0 ? "+" : "-")}{Math.Abs(100 * gain):0.0} %) and the accuracy from {Figures.Measure(last.Accuracy)} to about {Figures.Measure(accuracy)}. Worth it is 1 % of cross-entropy or more for twice the data.");
        return new CurveVerdict(2 * last.Rows, loss, accuracy, isWorthIt, sentence);
    }

    private static double Next(double before, double last, double doublings) => before > 0 ? last * Math.Pow(last / before, 1 / doublings) : last;
}
