using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Grains.Shards;

/// <summary>Some encoded rows, dense or blocks, and their classes.</summary>
internal sealed record EncodedChunk(DenseRows? Dense, BlockRows? Blocks, int[] Classes)
{
    /// <summary>Counts the rows.</summary>
    public void AddTo(StatisticsSum sum)
    {
        if (Dense is not null)
            sum.Add(DenseStatistics.Accumulate(Dense, Classes, sum.Classes));
        else
            sum.Add(Blocks!, Classes);
    }
}
