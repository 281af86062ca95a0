namespace ExplicitCluster.Numerics.Refinement;

/// <summary>
/// The step along a direction by at most four Newton trials within [-1, 1] (docs/math.md 8): a trial that raises the loss by more than a unit a row goes
/// half way instead. Takes sums of integers and so gives the same step for any sharding. 1 is a full proportional fit of one block.
/// </summary>
public sealed class LineSearch
{
    private const int MostTrials = 4;

    private readonly long _rows;
    private LineSums _sums;
    private double _step;
    private int _trials;

    /// <param name="rows">Rows that the sums run over.</param>
    /// <param name="atZero">The sums at step 0.</param>
    public LineSearch(long rows, LineSums atZero)
    {
        (_rows, _sums) = (rows, atZero);
        _step = NewtonStep(atZero);
    }

    /// <summary>The best step so far; the result once <see cref="IsDone"/>.</summary>
    public double Step { get; private set; }

    /// <summary>The loss there, in units of 2^-20 nats.</summary>
    public long Loss => _sums.Loss;

    public bool IsDone => _step == 0 || _trials == MostTrials;

    /// <summary>The step to take sums at next.</summary>
    public double Trial => Math.Clamp(Step + _step, -1, 1);

    /// <summary>Takes the sums at <see cref="Trial"/>.</summary>
    public void Take(LineSums sums)
    {
        _trials++;
        var trial = Trial;
        if (sums.Loss > _sums.Loss + _rows)
        {
            _step = (trial - Step) / 2;
            return;
        }
        (Step, _sums) = (trial, sums);
        _step = NewtonStep(sums);
    }

    private static double NewtonStep(LineSums sums) => sums.Curvature > 0 ? -(double)sums.Gradient / sums.Curvature : 0;
}
