using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ExplicitCluster.Numerics.Encodings;

/// <summary>Tiles of the levels of a row's values: a position is a column.</summary>
internal sealed class ValueTiles(RawRows rows, Levels levels) : LevelTiles(rows.Count, rows.Shape.Columns, levels.Count)
{
    protected override void Read(int first, int count, Span<byte> tile)
    {
        var columns = rows.Shape.Columns;
        if (count < Rows)
            tile.Clear();
        if (rows.Shape.IsBytes)
        {
            var values = rows.Bytes.Slice(first * columns, count * columns);
            for (var row = 0; row < count; row++)
                Turn(values.Slice(row * columns, columns), row, tile);
            return;
        }
        var floats = rows.Floats.Slice(first * columns, count * columns);
        for (var i = 0; i < floats.Length; i++)
            tile[i % columns * Rows + i / columns] = levels.Of(floats[i]);
    }

    private void Turn(ReadOnlySpan<byte> values, int row, Span<byte> tile)
    {
        ref var levelOf = ref MemoryMarshal.GetReference(levels.OfByte);
        ref var target = ref MemoryMarshal.GetReference(tile);
        for (var i = 0; i < values.Length; i++)
            Unsafe.Add(ref target, i * Rows + row) = Unsafe.Add(ref levelOf, values[i]);
    }
}
