using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Grains.Shards;

/// <summary>Some encoded rows, dense, blocks or sparse, and their classes.</summary>
internal sealed record EncodedChunk(DenseRows? Dense, BlockRows? Blocks, int[] Classes)
{
    /// <summary>Rows of texts.</summary>
    public SparseRows? Sparse { get; init; }

    /// <summary>Of mixed rows what they are in each group; empty for others.</summary>
    public EncodedChunk[] Groups { get; init; } = [];

    /// <summary>The rows as they were read; null where a classifier of texts without layers reads them.</summary>
    public RawRows? Raw { get; init; }

    /// <summary>A weight a row; null where every row weighs 1.</summary>
    public float[]? Weights { get; init; }

    public int Rows => Sparse?.Count ?? Dense?.Count ?? Blocks?.Count ?? Groups[0].Rows;

    /// <summary>Encodes raw rows.</summary>
    /// <param name="encoder">The feature maps.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="classes">Their classes.</param>
    /// <param name="own">Where layers below learned from these rows: the class of each. Empty for new rows.</param>
    /// <param name="room">Memory for the codes of rows in blocks; null to have it made.</param>
    /// <exception cref="InvalidValueException">A value that the feature maps cannot take.</exception>
    public static EncodedChunk Of(RowEncoder encoder, RawRows rows, int[] classes, int[] own, ushort[]? room = null) => encoder.Layout.Kind switch
    {
        EncodingKind.Dense => new EncodedChunk(encoder.EncodeDense(rows, own), null, classes) { Raw = rows },
        EncodingKind.Sparse => new EncodedChunk(null, null, classes) { Sparse = encoder.EncodeSparse(rows), Raw = rows },
        EncodingKind.Mixed => new EncodedChunk(null, null, classes) { Groups = [.. encoder.Groups.Select(group => Of(group, rows, classes, own))] },
        _ => new EncodedChunk(null, encoder.EncodeBlocks(rows, own, room), classes) { Raw = rows },
    };

    /// <summary>Counts the rows, sparse ones at norm 1.</summary>
    public void AddTo(StatisticsSum sum)
    {
        if (Sparse is not null)
            sum.Add(SparseStatistics.Accumulate(Sparse, SparseScale.Norm, Classes, sum.Classes));
        else if (Dense is not null)
            sum.Add(DenseStatistics.Accumulate(Dense, Classes, sum.Classes));
        else
            sum.Add(Blocks!, Classes);
    }
}
