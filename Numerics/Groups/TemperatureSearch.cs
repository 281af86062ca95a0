using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.Providers.LinearAlgebra;

namespace ExplicitCluster.Numerics.Groups;

/// <summary>
/// Newton's method for temperatures from 0 on, on the left-out loss plus 0.0005 |e|^2: a step is halved until the loss falls by 1e-4 of what was
/// predicted; when g' H^-1 g is at most 1e-9 a row, one last full step. Whoever has the rows sums at <see cref="Trial"/> until the search is done.
/// </summary>
public sealed class TemperatureSearch
{
    private const int MostSteps = 30;
    private const double Ridge = 1e-3;
    private const double ShortestStep = 1e-6;

    private double[] _here;
    private double[] _step = [];
    private double _loss = double.NaN;
    private double _slope;
    private double _length = 1;
    private int _steps;

    // No native library decides bits.
    static TemperatureSearch() => LinearAlgebraControl.UseManaged();

    /// <param name="slots">Number of temperatures.</param>
    public TemperatureSearch(int slots) => (_here, Trial) = (new double[slots], new double[slots]);

    /// <summary>Where the sums are wanted next; once the search is done, its result.</summary>
    public double[] Trial { get; private set; }

    public bool IsDone { get; private set; }

    /// <summary>Goes on with the sums at <see cref="Trial"/>.</summary>
    public void Take(TemperatureSums sums)
    {
        var loss = sums.Loss + Ridge / 2 * Trial.Sum(e => e * e);
        if (!double.IsNaN(_loss) && _length > ShortestStep && !(loss <= _loss - 1e-4 * _length * _slope))
        {
            _length /= 2;
            Trial = Along(_length);
            return;
        }
        (_here, _loss, _length) = (Trial, loss, 1);
        if (_steps++ == MostSteps)
        {
            IsDone = true;
            return;
        }
        var gradient = Vector<double>.Build.Dense(sums.Gradient.Length, k => sums.Gradient[k] + Ridge * _here[k]);
        var curvature = Matrix<double>.Build.Dense(gradient.Count, gradient.Count, (k, l) => sums.Curvature[k, l] + (k == l ? Ridge : 0));
        var step = curvature.Solve(gradient);
        (_step, _slope) = (step.ToArray(), gradient.DotProduct(step));
        Trial = Along(1);
        IsDone = _slope <= 1e-9 * sums.Rows;
    }

    private double[] Along(double length) => [.. _here.Select((e, k) => e - length * _step[k])];
}
