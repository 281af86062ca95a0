namespace ExplicitCluster.Numerics.Encodings;

/// <summary>Tiles of the levels of a row's values: a position is a column.</summary>
internal sealed class ValueTiles(RawRows rows, Levels levels) : LevelTiles(rows.Count, rows.Shape.Columns, levels.Count)
{
    protected override void Read(int first, int count, Span<byte> tile)
    {
        var columns = rows.Shape.Columns;
        if (rows.Shape.IsBytes)
        {
            TurnedBytes.Write(rows.Bytes.Slice(first * columns, count * columns), columns, tile);
            levels.Replace(tile);
        }
        else
        {
            var floats = rows.Floats.Slice(first * columns, count * columns);
            for (var i = 0; i < floats.Length; i++)
                tile[i % columns * Rows + i / columns] = levels.Of(floats[i]);
        }
        for (var position = 0; count < Rows && position < columns; position++)
            tile.Slice(position * Rows + count, Rows - count).Clear();
    }
}
