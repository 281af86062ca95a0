namespace ExplicitCluster.Numerics.Refinement;

/// <summary>
/// Which rows a worker owns: runs of rows in turn, like cards. Run r, rows r x RunRows and on, goes to worker r mod W. So all workers see all parts of a data
/// set, sorted ones too, they have nearly the same number of rows, and rows can still be read in ranges. A function of rows and workers alone.
/// </summary>
public static class SgdDeal
{
    /// <summary>Rows dealt at a time.</summary>
    public const int RunRows = 128;

    /// <summary>The ranges of a worker, ascending: first row and number of rows, in the numbering over all rows of the job.</summary>
    public static IEnumerable<(long First, int Count)> RangesOf(long rows, int workers, int worker)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(workers, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(worker);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(worker, workers);
        for (var first = (long)worker * RunRows; first < rows; first += (long)workers * RunRows)
            yield return (first, (int)Math.Min(RunRows, rows - first));
    }

    /// <summary>Rows that a worker owns.</summary>
    public static long RowsOf(long rows, int workers, int worker) => RangesOf(rows, workers, worker).Sum(range => (long)range.Count);
}
