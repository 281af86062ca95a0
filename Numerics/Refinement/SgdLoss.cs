using ExplicitCluster.Numerics.Metrics;

namespace ExplicitCluster.Numerics.Refinement;

/// <summary>
/// The training loss of one epoch, each row's taken just before the step that it is part of. Sums of integers, so losses of workers add up in any order.
/// </summary>
/// <param name="Rows">Rows whose loss is in the sum.</param>
/// <param name="Loss">Sum of -log p(label), nats, in units of <see cref="ExactSum"/>.</param>
/// <param name="Diverged">A row's loss was NaN, infinite or 2^20 nats and more: the epoch stopped there and its parameters are of no use.</param>
public sealed record SgdLoss(long Rows, Int128 Loss, bool Diverged)
{
    /// <summary>Nats a row; NaN for no rows, infinity where the epoch diverged.</summary>
    public double CrossEntropy => Diverged ? double.PositiveInfinity : ExactSum.Mean(Loss, Rows);

    /// <summary>The loss over the rows of both.</summary>
    public SgdLoss Plus(SgdLoss other) => new(Rows + other.Rows, Loss + other.Loss, Diverged || other.Diverged);
}
