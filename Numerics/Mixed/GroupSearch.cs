using ExplicitCluster.Numerics.Groups;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.Providers.LinearAlgebra;

namespace ExplicitCluster.Numerics.Mixed;

/// <summary>
/// Newton's method for the K of each group, from 0 on (docs/math.md 13): a step is halved until the loss falls by 1e-4 of what was predicted; when the prediction
/// is at most 1e-11 a row, one last full step. Whoever has the rows sums at <see cref="Trial"/> until the search is done.
/// </summary>
public sealed class GroupSearch
{
    private const int MostSteps = 60;
    private const double ShortestStep = 1e-6;
    private const double Enough = 1e-11;

    /// <summary>Added to the curvature, so that groups that say the same, or nothing, have a step; the loss itself knows nothing of it.</summary>
    private const double Damping = 1e-9;

    private double[] _here;
    private double[] _step = [];
    private double _slope;
    private double _length = 1;
    private int _steps;
    private bool _isLast;

    // No native library decides bits.
    static GroupSearch() => LinearAlgebraControl.UseManaged();

    /// <param name="groups">G.</param>
    public GroupSearch(int groups) => (_here, Trial) = (new double[groups], new double[groups]);

    /// <summary>Where the sums are wanted next; once the search is done, its result.</summary>
    public double[] Trial { get; private set; }

    public bool IsDone { get; private set; }

    /// <summary>Summed loss of the best K so far; of the result once the search is done.</summary>
    public double Loss { get; private set; } = double.NaN;

    /// <summary>Goes on with the sums at <see cref="Trial"/>.</summary>
    public void Take(TemperatureSums sums)
    {
        if (!double.IsNaN(Loss) && !_isLast && !(sums.Loss <= Loss - 1e-4 * _length * _slope))
        {
            _length /= 2;
            IsDone = _length < ShortestStep; // rounding is all that is left
            Trial = IsDone ? _here : Along(_length);
            return;
        }
        (_here, Loss, _length) = (Trial, sums.Loss, 1);
        if (_isLast || _steps++ == MostSteps)
        {
            IsDone = true;
            return;
        }
        var curvature = Matrix<double>.Build.Dense(
            _here.Length, _here.Length, (k, l) => sums.Curvature[k, l] * (k == l ? 1 + Damping : 1) + (k == l ? Damping * Math.Max(sums.Rows, 1) : 0));
        var gradient = Vector<double>.Build.Dense(sums.Gradient);
        var step = curvature.Solve(gradient);
        (_step, _slope) = (step.ToArray(), gradient.DotProduct(step));
        _isLast = _slope <= Enough * sums.Rows;
        Trial = Along(1);
    }

    private double[] Along(double length) => [.. _here.Select((k, group) => k - length * _step[group])];
}
