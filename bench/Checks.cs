using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Bench;

/// <summary>A kernel that differs from its plain twin is not worth timing.</summary>
internal static class Checks
{
    public static void Same(SufficientStatistics fast, SufficientStatistics plain)
    {
        Require(fast.Counts.Seen.AsSpan().SequenceEqual(plain.Counts.Seen), "the inputs seen");
        Require(fast.Counts.Counts.AsSpan().SequenceEqual(plain.Counts.Counts), "the counts");
        Require(fast.ClassRows.AsSpan().SequenceEqual(plain.ClassRows), "the rows a class");
        Require(fast.ClassMass.AsSpan().SequenceEqual(plain.ClassMass), "the mass a class");
        Require(fast.ZeroRows == plain.ZeroRows, "the rows of norm 0");
    }

    public static void Same(ReadOnlySpan<double> fast, ReadOnlySpan<double> plain) => Require(fast.SequenceEqual(plain), "the scores");

    public static void Same(double[] x, Action<double[], double[]> all, Func<double, double> one)
    {
        var results = new double[x.Length];
        all(x, results);
        Require(results.AsSpan().SequenceEqual(Array.ConvertAll(x, value => one(value))), "the function's values");
    }

    private static void Require(bool same, string what)
    {
        if (!same)
            throw new InvalidOperationException($"{what} of a fast kernel differ from its plain twin's");
    }
}
