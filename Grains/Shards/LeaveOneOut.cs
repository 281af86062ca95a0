using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Selection;
using ExplicitCluster.Numerics.Solution;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Grains.Shards;

/// <summary>Leave-one-out for whichever encoding a row has, shared by the shards of a silo.</summary>
internal sealed class LeaveOneOut(RowLayout layout, CountTable counts, ClassTotals totals, SolveSpecification solve)
{
    private readonly DenseLeaveOneOut? _dense =
        layout.Kind == EncodingKind.Dense ? new(layout, counts, totals, solve.K, solve.Alpha, solve.Beta) : null;

    private readonly BlockLeaveOneOut? _blocks =
        layout.Kind == EncodingKind.Blocks ? new(layout, counts, totals, solve.K, solve.Alpha, solve.Beta) : null;

    public GridLoss Score(EncodedChunk chunk, CancellationToken cancellationToken) => chunk.Dense is not null
        ? _dense!.Score(chunk.Dense, chunk.Classes, cancellationToken)
        : _blocks!.Score(chunk.Blocks!, chunk.Classes, cancellationToken);
}
