namespace ExplicitCluster.Grains.Shards;

/// <summary>Which rows of a range are wanted, by their numbers among all rows of a job.</summary>
/// <param name="Start">The number of the first row of the range.</param>
/// <param name="Within">The runs wanted within (first number, count): offset from the first, and number of rows.</param>
internal sealed record RowSelection(long Start, Func<long, int, IEnumerable<(int Offset, int Count)>> Within);
