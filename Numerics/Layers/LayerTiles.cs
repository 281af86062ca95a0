using ExplicitCluster.Numerics.Encodings;

namespace ExplicitCluster.Numerics.Layers;

/// <summary>Scores a layer's rows a few at a time, so that what is held does not grow with them.</summary>
internal sealed class LayerTiles(RowEncoder below, ILayerScores scores)
{
    private const int MostRows = 512;

    private readonly long[] _sums = new long[MostRows * scores.Windows * scores.Targets.Columns];
    private readonly long[] _weights = new long[MostRows * scores.Windows];

    /// <summary>Takes a row: its number, what it counts as (-1 for a row that is in no count), its sums and its weights.</summary>
    public delegate void Take(int row, int target, ReadOnlySpan<long> sums, ReadOnlySpan<long> weights);

    /// <summary>Calls <paramref name="take"/> for every row in order.</summary>
    /// <exception cref="InvalidValueException">A value that the maps below do not take.</exception>
    public void ForEachRow(RawRows rows, ReadOnlySpan<int> own, Take take)
    {
        var size = scores.Windows * scores.Targets.Columns;
        for (var first = 0; first < rows.Count; first += MostRows)
        {
            var count = Math.Min(MostRows, rows.Count - first);
            ReadOnlySpan<int> targets;
            try
            {
                targets = scores.Score(below, rows.Slice(first, count), own.IsEmpty ? own : own.Slice(first, count), _sums, _weights);
            }
            catch (InvalidValueException invalid)
            {
                throw new InvalidValueException(first + invalid.Row, invalid.Column, invalid.Value, invalid.Expected);
            }
            for (var m = 0; m < count; m++)
                take(first + m, targets.IsEmpty ? -1 : targets[m], _sums.AsSpan(m * size, size), _weights.AsSpan(m * scores.Windows, scores.Windows));
        }
    }
}
