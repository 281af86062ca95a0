using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Errors;
using ExplicitCluster.Numerics.Metrics;

namespace ExplicitCluster.Grains.Models.Explanations;

/// <summary>
/// Why a model gives a row one class rather than another: the distance of their scores as a sum over the row's inputs and the prior, in float64 of the stored
/// weights (docs/math.md 2).
/// </summary>
/// <param name="Row">The row.</param>
/// <param name="Class">The class that is explained: the predicted one.</param>
/// <param name="Against">The class that it is held against.</param>
/// <param name="Prior">What the bias adds.</param>
/// <param name="Inputs">The row's inputs, those that add or take most first.</param>
public sealed record Explanation(ModelRow Row, int Class, int Against, double Prior, ImmutableArray<ExplainedInput> Inputs)
{
    /// <summary>Why counts are missing; null where they are there.</summary>
    public string? WithoutCounts { get; init; }

    /// <summary>Shards of the model whose statistics are no longer stored.</summary>
    public int MissingShards { get; init; }

    /// <summary>The prior and the contributions, added up.</summary>
    public double Difference => Prior + Inputs.Sum(input => input.Contribution);

    /// <summary>The predicted class against the runner-up, or against one of a person's choice.</summary>
    /// <exception cref="JobException">The class is the predicted one, or the model knows one class only.</exception>
    public static Explanation Of(ModelRow row, int? against)
    {
        var model = row.Model;
        double[] scores = [.. row.Scores];
        var best = Softmax.Best(scores);
        if (against == best)
            throw new JobException($"'{model.Description.Labels[best]}' is the class that is predicted; there is nothing to hold it against", "name another class with --against, or leave it out for the runner-up");
        if (scores.Length < 2)
            throw new JobException("the model knows one class alone; every row is of it", "explain a model of several classes");
        scores[best] = double.NegativeInfinity;
        var other = against ?? Softmax.Best(scores);
        var inputs = row.Active.Select(active =>
        {
            var weights = model.WeightsOf(active.Input);
            return new ExplainedInput(active.Input, active.Value, active.Value * ((double)weights[best] - weights[other]));
        });
        return new Explanation(row, best, other, (double)model.Bias[best] - model.Bias[other], [.. inputs.OrderByDescending(input => Math.Abs(input.Contribution)).ThenBy(input => input.Input)]);
    }

    /// <summary>Probabilities of both classes.</summary>
    public (double Class, double Against) Probabilities()
    {
        double[] scores = [.. Row.Scores];
        var probabilities = new double[scores.Length];
        Softmax.Probabilities(scores, probabilities);
        return (probabilities[Class], probabilities[Against]);
    }
}
