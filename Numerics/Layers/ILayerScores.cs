using ExplicitCluster.Numerics.Encodings;

namespace ExplicitCluster.Numerics.Layers;

/// <summary>Scores of the classes in the windows of a layer's rows, whichever encoding these have: integers, so that neither order nor ties depend on how they are added.</summary>
public interface ILayerScores
{
    /// <summary>Windows a row.</summary>
    int Windows { get; }

    /// <summary>What the layer tells apart.</summary>
    LayerTargets Targets { get; }

    /// <summary>Evidence a column in whole rows, (Columns).</summary>
    IReadOnlyList<double> Evidence { get; }

    /// <summary>What a refinement moved in the bias, nats, (C); null where the layer is the explicit solution.</summary>
    IReadOnlyList<double>? BiasMoves { get; }

    /// <summary>
    /// Encodes rows and writes, for every row and window, the sums (rows, Windows, Columns) and the weights (rows, Windows): the mean score of a column is sum / weight / 2^24
    /// nats, and a weight of 0 says that the window holds no evidence.
    /// </summary>
    /// <param name="below">What makes the layer's own rows.</param>
    /// <param name="rows">Raw rows.</param>
    /// <param name="own">The class of each row, which is left out of the layer's statistics; empty for rows that are not in them.</param>
    /// <param name="sums">Room for the sums.</param>
    /// <param name="weights">Room for the weights.</param>
    /// <returns>What each row counts as in the layer's statistics, a class or a sub-class, -1 for a row of zero norm, which is in no count; empty for rows that are not in them.</returns>
    /// <exception cref="InvalidValueException">A value that the maps below do not take.</exception>
    ReadOnlySpan<int> Score(RowEncoder below, RawRows rows, ReadOnlySpan<int> own, Span<long> sums, Span<long> weights);
}
