namespace ExplicitCluster.Numerics.Layers;

/// <summary>Scores over all of a row, whatever the windows: what decides its sub-class.</summary>
/// <typeparam name="TRows">Blocks, dense or sparse rows.</typeparam>
internal interface IWholeScores<in TRows>
{
    /// <summary>Writes the sums of the sub-classes of each row's class, (rows, S), in units of 2^-24 nats, without a prior.</summary>
    /// <param name="rows">The layer's own rows.</param>
    /// <param name="own">The column that each row is counted in and left out of, <c>class x S + sub-class</c>.</param>
    /// <param name="subclasses">S.</param>
    /// <param name="sums">Room for the sums.</param>
    void Sum(TRows rows, ReadOnlySpan<int> own, int subclasses, Span<long> sums);
}
