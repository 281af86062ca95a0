namespace ExplicitCluster.Numerics.Encodings;

/// <summary>Tiles of the levels of a row's values: a position is a column.</summary>
internal sealed class ValueTiles : LevelTiles
{
    private readonly RawRows _rows;
    private readonly Levels _levelOf;

    /// <exception cref="InvalidValueException">A value is negative, NaN or infinite.</exception>
    public ValueTiles(RawRows rows, Levels levels)
        : base(rows.Count, rows.Shape.Columns, levels.Count)
    {
        Levels.Check(rows);
        (_rows, _levelOf) = (rows, levels);
    }

    protected override void Read(int first, int count, Span<byte> tile)
    {
        var columns = _rows.Shape.Columns;
        if (_rows.Shape.IsBytes)
        {
            TurnedBytes.Write(_rows.Bytes.Slice(first * columns, count * columns), columns, tile);
            _levelOf.Replace(tile);
        }
        else
        {
            var floats = _rows.Floats.Slice(first * columns, count * columns);
            for (var i = 0; i < floats.Length; i++)
                tile[i % columns * Rows + i / columns] = _levelOf.Of(floats[i]);
        }
        for (var position = 0; count < Rows && position < columns; position++)
            tile.Slice(position * Rows + count, Rows - count).Clear();
    }
}
