namespace ExplicitCluster.Numerics.Language;

/// <summary>Small symmetric positive definite systems, by Cholesky's decomposition.</summary>
internal static class LinearSystem
{
    /// <summary>x with A x = b, A row-major; null where A is not positive definite.</summary>
    public static double[]? Solve(double[] a, double[] b)
    {
        var n = b.Length;
        var root = new double[n * n];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var sum = a[i * n + j];
                for (var k = 0; k < j; k++)
                    sum -= root[i * n + k] * root[j * n + k];
                if (i == j && !(sum > 0))
                    return null;
                root[i * n + j] = i == j ? Math.Sqrt(sum) : sum / root[j * n + j];
            }
        }
        var x = (double[])b.Clone();
        for (var i = 0; i < n; i++)
        {
            for (var k = 0; k < i; k++)
                x[i] -= root[i * n + k] * x[k];
            x[i] /= root[i * n + i];
        }
        for (var i = n - 1; i >= 0; i--)
        {
            for (var k = i + 1; k < n; k++)
                x[i] -= root[k * n + i] * x[k];
            x[i] /= root[i * n + i];
        }
        return x;
    }
}
