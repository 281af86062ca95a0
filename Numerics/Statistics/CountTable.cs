namespace ExplicitCluster.Numerics.Statistics;

/// <summary>
/// Co-occurrence F as the rows of inputs that were seen: (Seen.Length, Classes), row-major, in fixed-point units. Every other input has zeros.
/// </summary>
public sealed class CountTable
{
    /// <param name="inputs">D, the number of inputs, seen or not.</param>
    /// <param name="classes">C.</param>
    /// <param name="seen">Ascending inputs with at least one non-zero cell.</param>
    /// <param name="counts">(seen, C), row-major; handed over, not copied.</param>
    public CountTable(int inputs, int classes, int[] seen, long[] counts)
    {
        if (counts.Length != (long)seen.Length * classes)
            throw new ArgumentException($"{seen.Length} inputs of {classes} classes need {(long)seen.Length * classes} counts, not {counts.Length}", nameof(counts));
        Inputs = inputs;
        Classes = classes;
        Seen = seen;
        Counts = counts;
    }

    public int Inputs { get; }

    public int Classes { get; }

    public int[] Seen { get; }

    public long[] Counts { get; }

    public ReadOnlySpan<long> Row(int index) => Counts.AsSpan(index * Classes, Classes);
}
