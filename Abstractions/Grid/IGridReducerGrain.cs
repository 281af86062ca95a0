namespace ExplicitCluster.Abstractions.Grid;

/// <summary>One tile of a unit's F, keyed by <c>job/tile</c>: a pure function of what the store holds.</summary>
[Alias("explicit.IGridReducerGrain")]
public interface IGridReducerGrain : IGrainWithStringKey
{
    /// <summary>Writes the tile's sums of each fold and of all rows, unless they exist, and gives the hashes of their format blocks.</summary>
    [Alias("Reduce"), ResponseTimeout("12:00:00")]
    Task<GridTileHashes> ReduceAsync(GridReduceWork work, CancellationToken cancellationToken = default);
}
