using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Shards;
using ExplicitCluster.Numerics.Metrics;

namespace ExplicitCluster.Grains.Models;

/// <summary>Between Numerics' evaluation, its form on the wire, and the report that people read.</summary>
internal static class EvaluationReports
{
    public static EvaluationCounts CountsOf(Evaluation evaluation) => new(
        evaluation.Loss, [.. evaluation.Confusion], [.. evaluation.BinRows], [.. evaluation.BinCorrect], [.. evaluation.BinConfidence]);

    public static Evaluation EvaluationOf(EvaluationCounts counts, int classes) => Evaluation.Of(
        classes, counts.Loss, counts.Confusion.AsSpan(), counts.BinRows.AsSpan(), counts.BinCorrect.AsSpan(), counts.BinConfidence.AsSpan());

    public static EvaluationReport ReportOf(Evaluation evaluation) => new()
    {
        Rows = evaluation.Rows,
        Accuracy = evaluation.Accuracy,
        CrossEntropy = evaluation.CrossEntropy,
        CalibrationError = evaluation.CalibrationError,
        Confusion = [.. evaluation.Confusion],
        Calibration = [.. Enumerable.Range(0, Evaluation.Bins).Select(bin => new CalibrationBin(
            evaluation.BinRows[bin],
            evaluation.BinRows[bin] == 0 ? 0 : ExactSum.Mean(evaluation.BinConfidence[bin], evaluation.BinRows[bin]),
            evaluation.BinRows[bin] == 0 ? 0 : (double)evaluation.BinCorrect[bin] / evaluation.BinRows[bin]))],
    };
}
