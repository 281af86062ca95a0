using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Grains.Models;

namespace ExplicitCluster.Client.Rendering;

/// <summary>Two models, what their jobs reported, and, where their inputs are the same, how far their weights are apart.</summary>
internal sealed class ModelComparison
{
    public ModelComparison(TrainedModel left, JobResult? leftResult, TrainedModel right, JobResult? rightResult)
    {
        (Left, LeftResult, Right, RightResult) = (left.Description, leftResult, right.Description, rightResult);
        var sameInputs = left.Encoder.Shape == right.Encoder.Shape
            && ModelView.FeaturesOf(Left) == ModelView.FeaturesOf(Right)
            && Left.Labels.SequenceEqual(Right.Labels);
        Classes = sameInputs ? [.. Enumerable.Range(0, Left.Labels.Length).Select(c => Distance(left, right, c))] : [];
    }

    public ModelDescription Left { get; }

    public JobResult? LeftResult { get; }

    public ModelDescription Right { get; }

    public JobResult? RightResult { get; }

    /// <summary>A class each: root mean square distance and cosine of the weights, taken from their mean over classes. Empty where inputs differ.</summary>
    public IReadOnlyList<(string Label, double Distance, double Cosine)> Classes { get; }

    private static (string, double, double) Distance(TrainedModel left, TrainedModel right, int c)
    {
        double apart = 0, product = 0, leftNorm = 0, rightNorm = 0;
        for (var input = 0; input < left.Description.Inputs; input++)
        {
            var (a, b) = (Centred(left.WeightsOf(input), c), Centred(right.WeightsOf(input), c));
            apart += (a - b) * (a - b);
            product += a * b;
            leftNorm += a * a;
            rightNorm += b * b;
        }
        return (left.Description.Labels[c], Math.Sqrt(apart / left.Description.Inputs), product / Math.Sqrt(leftNorm * rightNorm));
    }

    private static double Centred(ReadOnlySpan<float> weights, int c)
    {
        var sum = 0.0;
        foreach (var weight in weights)
            sum += weight;
        return weights[c] - sum / weights.Length;
    }
}
