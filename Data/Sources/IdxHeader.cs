using System.Buffers.Binary;

namespace ExplicitCluster.Data.Sources;

/// <summary>The header of an IDX file of unsigned bytes: two zero bytes, type, number of dimensions, then each dimension as a big-endian int32.</summary>
/// <param name="Count">First dimension: images or labels.</param>
/// <param name="Height">Rows of an image; 1 for labels.</param>
/// <param name="Width">Columns of an image; 1 for labels.</param>
/// <param name="Length">Bytes of the header.</param>
internal sealed record IdxHeader(int Count, int Height, int Width, int Length)
{
    private const byte UnsignedByte = 8;

    /// <summary>Bytes after the header.</summary>
    public long BodyLength => (long)Count * Height * Width;

    /// <param name="input">At its start.</param>
    /// <param name="dimensions">3 for images, 1 for labels.</param>
    /// <exception cref="SourceException">This is no such file.</exception>
    public static IdxHeader Read(SourceInput input, int dimensions)
    {
        var length = 4 + 4 * dimensions;
        Span<byte> header = stackalloc byte[length];
        var magic = header[..input.Fill(header[..4])];
        if (magic.Length == 4) CheckMagic(input.Path, magic, dimensions);
        var read = magic.Length + (magic.Length == 4 ? input.Fill(header[4..]) : 0);
        if (read < length) throw Bad(input.Path, read, "the file ends inside the IDX header", $"{length} bytes of header");
        Span<int> sizes = stackalloc int[3];
        sizes.Fill(1);
        for (var i = 0; i < dimensions; i++)
        {
            sizes[i] = BinaryPrimitives.ReadInt32BigEndian(header[(4 + 4 * i)..]);
            if (sizes[i] <= 0) throw Bad(input.Path, 4 + 4 * i, $"dimension {i + 1} is {(uint)sizes[i]}", "1 to 2147483647");
        }
        if ((long)sizes[1] * sizes[2] > SourceLimits.MaxColumns)
            throw Bad(input.Path, 8, $"images of {sizes[2]} x {sizes[1]} pixels", $"at most {SourceLimits.MaxColumns} pixels");
        return new IdxHeader(sizes[0], sizes[1], sizes[2], length);
    }

    /// <summary>For a plain file, whose length shows at once whether the body is all there.</summary>
    public void CheckLength(SourceInput input)
    {
        var expected = Length + BodyLength;
        if (input.IsCompressed || input.FileLength == expected) return;
        throw input.FileLength < expected ? Truncated(input, input.FileLength) : Trailing(input, expected);
    }

    /// <summary>After the body was read.</summary>
    public void CheckEnd(SourceInput input)
    {
        Span<byte> one = stackalloc byte[1];
        if (input.Read(one) > 0) throw Trailing(input, Length + BodyLength);
    }

    public SourceException Truncated(SourceInput input, long length) => Bad(
        input.Path, length, "the data ends", $"{Length + BodyLength} bytes, {BodyLength} for {Count} {Kind} after the header");

    private string Kind => Length > 8 ? $"images of {Width} x {Height}" : "labels";

    private static void CheckMagic(string path, ReadOnlySpan<byte> magic, int dimensions)
    {
        var expected = dimensions == 3 ? "images (magic 00 00 08 03)" : "labels (magic 00 00 08 01)";
        if (magic[0] != 0 || magic[1] != 0) throw Bad(path, 0, $"{Excerpt.Of(magic)} is not the start of an IDX file", expected);
        if (magic[2] != UnsignedByte) throw Bad(path, 2, $"IDX type code 0x{magic[2]:x2}", "0x08 (unsigned bytes)");
        if (magic[3] == dimensions) return;
        var other = dimensions == 3 ? magic[3] == 1 : magic[3] == 3;
        throw other
            ? new SourceException(
                $"{path}: byte 3: {magic[3]} dimension{(magic[3] == 1 ? "" : "s")}, a file of {(dimensions == 3 ? "labels" : "images")}; expected {expected}.",
                "Swap images and labels in the specification, or name the right file.")
            : Bad(path, 3, $"{magic[3]} dimensions", expected);
    }

    private static SourceException Trailing(SourceInput input, long expected) =>
        Bad(input.Path, expected, "data goes on after the last value", $"the end of the data at {expected} bytes, as its header declares");

    private static SourceException Bad(string path, long offset, string seen, string expected) =>
        new($"{path}: byte {offset}: {seen}; expected {expected}.", SourceErrors.FetchAgain);
}
