namespace ExplicitCluster.Numerics.Statistics;

/// <summary>The rows of F that some rows of data gave, as they came out of a kernel.</summary>
internal interface ICountPart
{
    /// <summary>Ascending inputs with at least one non-zero cell.</summary>
    ReadOnlySpan<int> Seen { get; }

    /// <summary>Adds rows [firstRow, endRow), each to the row of <paramref name="counts"/> that <paramref name="places"/> gives its input.</summary>
    /// <param name="firstRow">Index into <see cref="Seen"/>.</param>
    /// <param name="endRow">Index into <see cref="Seen"/>.</param>
    /// <param name="places">The row of each input.</param>
    /// <param name="firstInput">The input of the first place.</param>
    /// <param name="counts">(rows, C), row-major.</param>
    /// <exception cref="OverflowException">A count beyond 2^63 - 1.</exception>
    void AddRows(int firstRow, int endRow, ReadOnlySpan<int> places, int firstInput, Span<long> counts);
}
