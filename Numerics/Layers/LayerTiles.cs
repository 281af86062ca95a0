using ExplicitCluster.Numerics.Encodings;

namespace ExplicitCluster.Numerics.Layers;

/// <summary>Scores a layer's rows a few at a time, so that what is held does not grow with them.</summary>
internal sealed class LayerTiles(RowEncoder below, ILayerScores scores)
{
    private const int MostRows = 512;

    private readonly long[] _sums = new long[MostRows * scores.Windows * scores.Classes];
    private readonly long[] _weights = new long[MostRows * scores.Windows];

    /// <summary>Scores a tile: its first row, its sums and its weights.</summary>
    public delegate void Take(int row, ReadOnlySpan<long> sums, ReadOnlySpan<long> weights);

    /// <summary>Calls <paramref name="take"/> for every row in order.</summary>
    /// <exception cref="InvalidValueException">A value that the maps below do not take.</exception>
    public void ForEachRow(RawRows rows, ReadOnlySpan<int> own, Take take)
    {
        var size = scores.Windows * scores.Classes;
        for (var first = 0; first < rows.Count; first += MostRows)
        {
            var count = Math.Min(MostRows, rows.Count - first);
            try
            {
                scores.Score(below, rows.Slice(first, count), own.IsEmpty ? own : own.Slice(first, count), _sums, _weights);
            }
            catch (InvalidValueException invalid)
            {
                throw new InvalidValueException(first + invalid.Row, invalid.Column, invalid.Value, invalid.Expected);
            }
            for (var m = 0; m < count; m++)
                take(first + m, _sums.AsSpan(m * size, size), _weights.AsSpan(m * scores.Windows, scores.Windows));
        }
    }
}
