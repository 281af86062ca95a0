namespace ExplicitCluster.Numerics.Statistics;

/// <summary>The rows of F of those inputs of a run that were seen.</summary>
/// <param name="seen">Ascending inputs.</param>
/// <param name="counts">(seen, C), row-major, in fixed-point units.</param>
public readonly ref struct CountRows(ReadOnlySpan<int> seen, ReadOnlySpan<long> counts)
{
    public ReadOnlySpan<int> Seen { get; } = seen;

    public ReadOnlySpan<long> Counts { get; } = counts;
}
