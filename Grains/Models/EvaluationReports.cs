using ExplicitCluster.Abstractions.Errors;
using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Shards;
using ExplicitCluster.Numerics.Metrics;

namespace ExplicitCluster.Grains.Models;

/// <summary>Between Numerics' evaluation, its form on the wire, and the report that people read.</summary>
internal static class EvaluationReports
{
    public static EvaluationCounts CountsOf(Evaluation evaluation) => new(
        evaluation.Loss, [.. evaluation.Confusion], [.. evaluation.BinRows], [.. evaluation.BinCorrect], [.. evaluation.BinConfidence])
    {
        UnknownRows = evaluation.UnknownRows,
    };

    public static Evaluation EvaluationOf(EvaluationCounts counts, int classes)
    {
        var evaluation = Evaluation.Of(classes, counts.Loss, counts.Confusion.AsSpan(), counts.BinRows.AsSpan(), counts.BinCorrect.AsSpan(), counts.BinConfidence.AsSpan());
        evaluation.UnknownRows = counts.UnknownRows;
        return evaluation;
    }

    /// <exception cref="JobException">No row has a label that is a class.</exception>
    public static EvaluationReport ReportOf(Evaluation evaluation) => evaluation.Rows == 0 && evaluation.UnknownRows > 0
        ? throw new JobException(
            $"none of {evaluation.UnknownRows:N0} rows has a label that occurs in the training rows", "name another label column, or train on rows of these labels as well")
        : Of(evaluation);

    private static EvaluationReport Of(Evaluation evaluation) => new()
    {
        Rows = evaluation.Rows,
        UnknownRows = evaluation.UnknownRows,
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
