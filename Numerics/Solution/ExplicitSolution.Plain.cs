using ExplicitCluster.Numerics.Elementary;

namespace ExplicitCluster.Numerics.Solution;

/// <summary>The float64 twin: the equations of docs/math.md 1 and 2 as they stand there, for any simplex targets.</summary>
public sealed partial class ExplicitSolution
{
    /// <summary>F = X̂'Y, (D, C): x is (M, D) and scaled to rows of L1 norm 1 here, y is (M, C); a row of zeros adds nothing.</summary>
    public static double[,] CountPlain(double[,] x, double[,] y)
    {
        var (rows, inputs, classes) = (x.GetLength(0), x.GetLength(1), y.GetLength(1));
        var f = new double[inputs, classes];
        for (var m = 0; m < rows; m++)
        {
            var norm = 0.0;
            for (var j = 0; j < inputs; j++)
                norm += x[m, j];
            if (norm == 0)
                continue;
            for (var j = 0; j < inputs; j++)
            {
                for (var c = 0; c < classes; c++)
                    f[j, c] += x[m, j] / norm * y[m, c];
            }
        }
        return f;
    }

    /// <summary>U, (D, C), of docs/math.md eq. 2, the prior inside; a zero count with alpha 0 gives -infinity.</summary>
    public static double[,] SolvePlain(double[,] f, SolveSettings settings)
    {
        var (inputs, classes) = (f.GetLength(0), f.GetLength(1));
        var totals = new double[classes];
        var all = 0.0;
        for (var c = 0; c < classes; c++)
        {
            for (var j = 0; j < inputs; j++)
                totals[c] += f[j, c];
            all += totals[c];
        }
        var u = new double[inputs, classes];
        for (var c = 0; c < classes; c++)
        {
            var normaliser = SameBits.Log(totals[c] + settings.Alpha * inputs);
            var prior = SameBits.Log((totals[c] + settings.Beta) / (all + settings.Beta * classes));
            for (var j = 0; j < inputs; j++)
                u[j, c] = SameBits.Log(f[j, c] + settings.Alpha) - normaliser + prior / settings.K;
        }
        return u;
    }

    /// <summary>log softmax(K x̂ U), (M, C); 0 x -infinity counts as 0.</summary>
    public static double[,] LogProbabilitiesPlain(double[,] x, double[,] u, double k)
    {
        var (rows, inputs, classes) = (x.GetLength(0), x.GetLength(1), u.GetLength(1));
        var result = new double[rows, classes];
        for (var m = 0; m < rows; m++)
        {
            var norm = 0.0;
            for (var j = 0; j < inputs; j++)
                norm += x[m, j];
            var most = double.NegativeInfinity;
            for (var c = 0; c < classes; c++)
            {
                var score = 0.0;
                for (var j = 0; j < inputs; j++)
                    score += x[m, j] > 0 ? x[m, j] / norm * u[j, c] : 0;
                result[m, c] = k * score;
                most = Math.Max(most, result[m, c]);
            }
            var sum = 0.0;
            for (var c = 0; c < classes; c++)
                sum += SameBits.Exp(result[m, c] - most);
            var log = most + SameBits.Log(sum);
            for (var c = 0; c < classes; c++)
                result[m, c] -= log;
        }
        return result;
    }
}
