using CsCheck;
using ExplicitCluster.Numerics.Metrics;

namespace ExplicitCluster.Numerics.Tests.Metrics;

public class EvaluationTests
{
    [Fact]
    public void Two_rows_evaluate_as_computed_by_hand()
    {
        var evaluation = new Evaluation(2);
        evaluation.Add([Math.Log(3), 0, 0, Math.Log(9)], [0, 0]);
        Assert.Equal(.5, evaluation.Accuracy);
        Assert.Equal((-Math.Log(.75) - Math.Log(.1)) / 2, evaluation.CrossEntropy, 1e-11);
        Assert.Equal([1, 1, 0, 0], evaluation.Confusion);
        Assert.Equal((.25 + .9) / 2, evaluation.CalibrationError, 1e-11);
    }

    [Fact]
    public void Sums_of_integers_measure_what_the_definitions_do()
    {
        var random = new Random(9);
        for (var classes = 2; classes <= 30; classes++)
        {
            var scores = Enumerable.Range(0, 50 * classes).Select(_ => random.NextDouble() * 12 - 6).ToArray();
            var labels = Enumerable.Range(0, 50).Select(_ => random.Next(classes)).ToArray();
            var evaluation = new Evaluation(classes);
            evaluation.Add(scores, labels);
            var (accuracy, crossEntropy, calibrationError) = Evaluation.MeasurePlain(scores, labels, classes);
            Assert.Equal(accuracy, evaluation.Accuracy, 1e-12);
            Assert.Equal(crossEntropy, evaluation.CrossEntropy, 1e-10);
            Assert.Equal(calibrationError, evaluation.CalibrationError, 1e-10);
        }
    }

    [Fact]
    public void A_tie_goes_to_the_lowest_class() => Assert.Equal(1, Softmax.Best([0, 2, 2]));

    [Fact]
    public void Probabilities_sum_to_one_for_scores_far_apart()
    {
        var probabilities = new double[3];
        var log = Softmax.Probabilities([-2000, 1500, 1499], probabilities);
        Assert.Equal(1, probabilities.Sum(), 1e-15);
        Assert.Equal(1500 + Math.Log(1 + Math.Exp(-1)), log, 1e-9);
    }

    [Fact]
    public void Split_and_order_of_rows_do_not_change_a_bit() =>
        Gen.Select(Gen.Int[1, 60], Gen.Int[2, 5], Gen.Int[0, 60], Gen.Int).Sample((rows, classes, cut, seed) =>
        {
            var random = new Random(seed);
            var scores = Enumerable.Range(0, rows * classes).Select(_ => random.NextDouble() * 20 - 10).ToArray();
            var labels = Enumerable.Range(0, rows).Select(_ => random.Next(classes)).ToArray();
            var whole = new Evaluation(classes);
            whole.Add(scores, labels);
            cut = Math.Min(cut, rows);
            var (first, second) = (new Evaluation(classes), new Evaluation(classes));
            first.Add(scores.AsSpan(0, cut * classes), labels.AsSpan(0, cut));
            second.Add(scores.AsSpan(cut * classes), labels.AsSpan(cut));
            second.Add(first);
            return second.Loss == whole.Loss && second.Rows == whole.Rows && second.Confusion.SequenceEqual(whole.Confusion)
                && second.BinConfidence.SequenceEqual(whole.BinConfidence) && second.CalibrationError.Equals(whole.CalibrationError);
        }, iter: 200);

    [Fact]
    public void An_infinite_loss_is_refused_and_says_what_helps() =>
        Assert.Contains("solve.alpha", Assert.Throws<OverflowException>(() => new Evaluation(2).Add([double.NegativeInfinity, 0], [0])).Message);
}
