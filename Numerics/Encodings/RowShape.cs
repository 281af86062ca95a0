namespace ExplicitCluster.Numerics.Encodings;

/// <summary>The shape of a raw row, known before any row is read.</summary>
/// <param name="Columns">Values a row.</param>
/// <param name="Width">Pixels across for an image; 0 for a table.</param>
/// <param name="Height">Pixels down for an image; 0 for a table.</param>
/// <param name="IsBytes">True where values are bytes, false where they are float32.</param>
public sealed record RowShape(int Columns, int Width, int Height, bool IsBytes)
{
    public bool IsImage => Height > 0;

    public int BytesPerRow => IsBytes ? Columns : Columns * sizeof(float);

    /// <summary>Rows that are texts.</summary>
    public static RowShape Texts { get; } = new(0, 0, 0, IsBytes: true);

    public static RowShape Image(int width, int height) => new(width * height, width, height, IsBytes: true);

    public static RowShape Table(int columns) => new(columns, 0, 0, IsBytes: false);

    public override string ToString() => Columns == 0 ? "texts" : IsImage ? $"{Width} x {Height} images" : $"{Columns} numeric columns";
}
