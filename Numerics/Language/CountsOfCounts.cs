namespace ExplicitCluster.Numerics.Language;

/// <summary>Numbers of cells that were seen once, twice, three and four times. Those of disjoint parts of a table add up.</summary>
public readonly record struct CountsOfCounts(long One, long Two, long Three, long Four)
{
    public static CountsOfCounts Of(ReadOnlySpan<long> counts)
    {
        Span<long> seen = stackalloc long[5];
        foreach (var count in counts)
        {
            if (count <= 4)
                seen[(int)count]++;
        }
        return new CountsOfCounts(seen[1], seen[2], seen[3], seen[4]);
    }

    public static CountsOfCounts operator +(CountsOfCounts a, CountsOfCounts b) => new(a.One + b.One, a.Two + b.Two, a.Three + b.Three, a.Four + b.Four);

    public static CountsOfCounts Add(CountsOfCounts left, CountsOfCounts right) => left + right;
}
