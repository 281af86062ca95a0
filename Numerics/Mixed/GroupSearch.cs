using ExplicitCluster.Numerics.Groups;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.Providers.LinearAlgebra;

namespace ExplicitCluster.Numerics.Mixed;

/// <summary>
/// Newton's method for the K of each group, none below 0, from 0 on (docs/math.md 13): the least of the quadratic that the sums make, over K of at least 0, is
/// the target; the way there is halved until the loss falls by 1e-4 of what was predicted. When the prediction is at most 1e-11 a row, one last full step.
/// Whoever has the rows sums at <see cref="Trial"/> until the search is done.
/// </summary>
public sealed class GroupSearch
{
    private const int MostSteps = 60;
    private const double ShortestStep = 1e-6;
    private const double Enough = 1e-11;

    /// <summary>Added to the curvature, so that groups that say the same have a solution; the loss itself knows nothing of it.</summary>
    private const double Damping = 1e-9;

    private double[] _here;
    private double[] _way;
    private double _slope;
    private double _length = 1;
    private int _steps;
    private bool _isLast;

    // No native library decides bits.
    static GroupSearch() => LinearAlgebraControl.UseManaged();

    /// <param name="groups">G.</param>
    public GroupSearch(int groups) => (_here, _way, Trial) = (new double[groups], new double[groups], new double[groups]);

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
        var curvature = Matrix<double>.Build.Dense(_here.Length, _here.Length, (k, l) => sums.Curvature[k, l] * (k == l ? 1 + Damping : 1) + (k == l ? Damping * sums.Rows : 0));
        var here = Vector<double>.Build.Dense(_here);
        var target = LeastOf(curvature, curvature * here - Vector<double>.Build.Dense(sums.Gradient));
        (_way, _slope) = ((target - here).ToArray(), 0);
        for (var k = 0; k < _way.Length; k++)
            _slope -= sums.Gradient[k] * _way[k];
        _isLast = _slope <= Enough * sums.Rows;
        IsDone = _slope <= 0; // nowhere to go: as with groups that say nothing
        Trial = IsDone ? _here : Along(1);
    }

    private double[] Along(double length) => [.. _here.Select((k, group) => Math.Max(k + length * _way[group], 0))];

    /// <summary>
    /// The least of x'Hx / 2 - b'x over x of at least 0 (Lawson and Hanson): numbers that are above 0 are found one by one, the one of steepest descent first; where
    /// one of them would fall below 0, it is 0 again.
    /// </summary>
    private static Vector<double> LeastOf(Matrix<double> h, Vector<double> b)
    {
        var x = Vector<double>.Build.Dense(b.Count);
        var above = new List<int>();
        for (var round = 0; round < 3 * b.Count; round++)
        {
            var descent = b - h * x;
            var next = Enumerable.Range(0, b.Count).Where(k => !above.Contains(k)).OrderByDescending(k => descent[k]).FirstOrDefault(-1);
            if (next < 0 || !(descent[next] > 0))
                break;
            above.Add(next);
            while (above.Count > 0)
            {
                var part = Matrix<double>.Build.Dense(above.Count, above.Count, (k, l) => h[above[k], above[l]]);
                var least = part.Solve(Vector<double>.Build.Dense(above.Count, k => b[above[k]]));
                var reach = 1.0;
                for (var k = 0; k < above.Count; k++)
                    reach = least[k] > 0 ? reach : Math.Min(reach, x[above[k]] > 0 ? x[above[k]] / (x[above[k]] - least[k]) : 0);
                for (var k = 0; k < above.Count; k++)
                    x[above[k]] = reach == 1 ? least[k] : Math.Max(x[above[k]] + reach * (least[k] - x[above[k]]), 0);
                if (reach == 1)
                    break;
                above.RemoveAll(k => x[k] <= 1e-15 * x.AbsoluteMaximum());
            }
            for (var k = 0; k < b.Count; k++)
                x[k] = above.Contains(k) ? x[k] : 0;
        }
        return x;
    }
}
