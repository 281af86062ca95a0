using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.Providers.LinearAlgebra;

namespace ExplicitCluster.Numerics.Groups;

/// <summary>
/// Newton's method for temperatures from 0 on: a step is halved until the loss falls by 1e-4 of what was predicted; when g' H^-1 g is little enough, one last full
/// step. Whoever has the rows sums at <see cref="Trial"/> until the search is done.
/// </summary>
public sealed class TemperatureSearch
{
    private const int MostSteps = 60;
    private const double ShortestStep = 1e-6;

    private readonly double _ridge;
    private readonly double _damping;
    private readonly double _enough;

    private double[] _here;
    private double[] _step = [];
    private double _slope;
    private double _length = 1;
    private int _steps;

    // No native library decides bits.
    static TemperatureSearch() => LinearAlgebraControl.UseManaged();

    private TemperatureSearch(int slots, double ridge, double damping, double enough) =>
        (_here, Trial, _ridge, _damping, _enough) = (new double[slots], new double[slots], ridge, damping, enough);

    /// <summary>Where the sums are wanted next; once the search is done, its result.</summary>
    public double[] Trial { get; private set; }

    public bool IsDone { get; private set; }

    /// <summary>Summed loss at the best temperatures that were tried, with the penalty.</summary>
    public double Loss { get; private set; } = double.NaN;

    /// <summary>For the slots of a layer of texts, with a penalty of 0.0005 |e|^2; to 1e-9 a row (docs/math.md 11).</summary>
    /// <param name="slots">Number of temperatures.</param>
    public static TemperatureSearch OfSlots(int slots) => new(slots, ridge: 1e-3, damping: 0, enough: 1e-9);

    /// <summary>
    /// For the K of groups, to 1e-11 a row (docs/math.md 13). The curvature is enlarged by 1e-9, so that groups that say the same, or nothing, have a step; the loss itself
    /// knows nothing of it.
    /// </summary>
    /// <param name="groups">G.</param>
    public static TemperatureSearch OfGroups(int groups) => new(groups, ridge: 0, damping: 1e-9, enough: 1e-11);

    /// <summary>Goes on with the sums at <see cref="Trial"/>.</summary>
    public void Take(TemperatureSums sums)
    {
        var loss = sums.Loss + _ridge / 2 * Trial.Sum(e => e * e);
        if (!double.IsNaN(Loss) && !(loss <= Loss - 1e-4 * _length * _slope))
        {
            _length /= 2;
            IsDone = _length < ShortestStep; // rounding is all that is left
            Trial = IsDone ? _here : Along(_length);
            return;
        }
        (_here, Loss, _length) = (Trial, loss, 1);
        if (_steps++ == MostSteps)
        {
            IsDone = true;
            return;
        }
        var gradient = Vector<double>.Build.Dense(sums.Gradient.Length, k => sums.Gradient[k] + _ridge * _here[k]);
        var more = _ridge + _damping * Math.Max(sums.Rows, 1);
        var curvature = Matrix<double>.Build.Dense(
            gradient.Count, gradient.Count, (k, l) => k == l ? sums.Curvature[k, l] * (1 + _damping) + more : sums.Curvature[k, l]);
        var step = curvature.Solve(gradient);
        (_step, _slope) = (step.ToArray(), gradient.DotProduct(step));
        Trial = Along(1);
        IsDone = _slope <= _enough * sums.Rows;
    }

    private double[] Along(double length) => [.. _here.Select((e, k) => e - length * _step[k])];
}
