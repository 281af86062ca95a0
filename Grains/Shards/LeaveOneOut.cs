using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Selection;
using ExplicitCluster.Numerics.Solution;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Grains.Shards;

/// <summary>Leave-one-out for whichever encoding a row has, shared by the shards of a silo.</summary>
/// <param name="layout">Layout of the rows.</param>
/// <param name="counts">F of all rows.</param>
/// <param name="totals">Its totals.</param>
/// <param name="solve">The settings to choose from.</param>
/// <param name="vanishing">Of sparse rows, (D): the features that would be in no vocabulary without a row that has them; null where there are none.</param>
internal sealed class LeaveOneOut(RowLayout layout, CountTable counts, ClassTotals totals, SolveSpecification solve, bool[]? vanishing)
{
    private readonly DenseLeaveOneOut? _dense =
        layout.Kind == EncodingKind.Dense ? new(layout, counts, totals, solve.K, solve.Alpha, solve.Beta) : null;

    private readonly BlockLeaveOneOut? _blocks =
        layout.Kind == EncodingKind.Blocks ? new(layout, counts, totals, solve.K, solve.Alpha, solve.Beta) : null;

    private readonly SparseLeaveOneOut? _sparse =
        layout.Kind == EncodingKind.Sparse ? new(layout, counts, totals, solve.K, solve.Alpha, solve.Beta, vanishing) : null;

    public GridLoss Score(EncodedChunk chunk, CancellationToken cancellationToken) => chunk switch
    {
        { Sparse: { } sparse } => _sparse!.Score(sparse, chunk.Classes, cancellationToken),
        { Dense: { } dense } => _dense!.Score(dense, chunk.Classes, cancellationToken),
        _ => _blocks!.Score(chunk.Blocks!, chunk.Classes, cancellationToken),
    };
}
