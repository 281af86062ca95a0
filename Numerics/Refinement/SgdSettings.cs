using ExplicitCluster.Numerics.Encodings;

namespace ExplicitCluster.Numerics.Refinement;

/// <summary>
/// Settings of averaged SGD (docs/math.md 9): rounds of local steps on every worker's own rows, then the mean of the workers'
/// parameters. Rates are for rows scaled to norm 1 or so, hence the same for every encoding and number of inputs.
/// </summary>
public sealed record SgdSettings
{
    public const int DefaultWorkers = 4;

    /// <summary>Workers that the rows are dealt to; part of the model, whatever the size of the cluster.</summary>
    public int Workers { get; init; } = DefaultWorkers;

    /// <summary>Rounds; the parameters are averaged after each.</summary>
    public int Rounds { get; init; } = 10;

    /// <summary>Passes of every worker over its rows in a round.</summary>
    public int LocalEpochs { get; init; } = 1;

    /// <summary>Rows a step.</summary>
    public int Batch { get; init; } = 128;

    public SgdOptimizer Optimizer { get; init; } = SgdOptimizer.Adam;

    /// <summary>The first rate of a single worker; <see cref="RateAt"/> multiplies it.</summary>
    public double LearningRate { get; init; } = 0.02;

    public SgdSchedule Schedule { get; init; } = SgdSchedule.Linear;

    /// <summary>Of SGD; Adam has <see cref="AdamMean"/> in its place.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>Half the penalty on the squared weights, in the units of the scaled rows.</summary>
    public double L2 { get; init; }

    public ulong Seed { get; init; } = 1;

    /// <summary>Decay of Adam's running mean of gradients.</summary>
    public const double AdamMean = 0.9;

    /// <summary>Decay of Adam's running mean of squared gradients.</summary>
    public const double AdamSquare = 0.999;

    /// <summary>Added to roots that are divided by.</summary>
    public const double Epsilon = 1e-8;

    /// <summary>
    /// The settings of a job that names none: Adam, falling in a straight line, batch 128; 10 rounds and a rate of 0.02 for dense rows, 4 and 0.008 for blocks and
    /// sparse rows, which have many more weights to overfit with. Chosen on held-out training rows (docs/performance.md).
    /// </summary>
    public static SgdSettings DefaultsOf(EncodingKind kind) => kind == EncodingKind.Dense ? new() : new() { Rounds = 4, LearningRate = 0.008 };

    /// <summary>Epochs over all rounds.</summary>
    public int Epochs => checked(Rounds * LocalEpochs);

    /// <summary>
    /// The rate after this share, 0 to 1, of all rounds: the schedule times <see cref="LearningRate"/> times the number of workers. A mean of
    /// W workers moves as far in a round as one worker does in 1/W of the steps, and the larger rate makes up for it.
    /// </summary>
    public double RateAt(double progress) => LearningRate * Workers * Schedule switch
    {
        SgdSchedule.Cosine => (1 + CosineOfPi(progress)) / 2,
        SgdSchedule.Linear => 1 - progress,
        _ => 1,
    };

    /// <exception cref="ArgumentException">A setting out of range: which, what it was and what it may be.</exception>
    public void Check()
    {
        Require(Workers >= 1, nameof(Workers), Workers, "at least 1");
        Require(Rounds >= 0, nameof(Rounds), Rounds, "at least 0");
        Require(LocalEpochs >= 1, nameof(LocalEpochs), LocalEpochs, "at least 1");
        Require(Batch is >= 1 and <= 1 << 16, nameof(Batch), Batch, "1 to 65,536");
        Require(LearningRate > 0 && double.IsFinite(LearningRate), nameof(LearningRate), LearningRate, "above 0");
        Require(Momentum is >= 0 and < 1, nameof(Momentum), Momentum, "at least 0 and below 1");
        Require(L2 >= 0 && double.IsFinite(L2), nameof(L2), L2, "at least 0");
        Require(Enum.IsDefined(Optimizer), nameof(Optimizer), Optimizer, "sgd, adagrad or adam");
        Require(Enum.IsDefined(Schedule), nameof(Schedule), Schedule, "cosine, linear or constant");
    }

    private static void Require(bool holds, string name, object value, string expected)
    {
        if (!holds)
            throw new ArgumentException($"{nameof(SgdSettings)}.{name} must be {expected} (was {value})");
    }

    /// <summary>cos(pi t) for t from 0 to 1 by a series of + - x only: the library's differs from machine to machine. Within 1e-13.</summary>
    private static double CosineOfPi(double t)
    {
        var x = Math.PI * (0.5 - t);
        var (term, sum) = (x, x);
        for (var n = 2; n <= 22; n += 2)
        {
            term *= -x * x / (n * (n + 1));
            sum += term;
        }
        return sum;
    }
}
