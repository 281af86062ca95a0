using System.Buffers;
using ExplicitCluster.Numerics.Encodings;

namespace ExplicitCluster.Grains.Shards;

/// <summary>Pooled memory that chunks of rows are read and encoded into, one after the other: fresh memory costs more than what is done with it.</summary>
internal sealed class ChunkRoom(RowEncoder encoder, int rows, bool withCodes = true) : IDisposable
{
    /// <summary>For raw rows.</summary>
    public byte[] Values { get; } = ArrayPool<byte>.Shared.Rent(checked(rows * encoder.Shape.BytesPerRow));

    /// <summary>For their codes; null where rows are dense or codes are not wanted.</summary>
    public ushort[]? Codes { get; } =
        withCodes && encoder.Layout.Kind == EncodingKind.Blocks ? ArrayPool<ushort>.Shared.Rent(BlockRows.CodesFor(encoder.Layout.Blocks, rows)) : null;

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(Values);
        if (Codes is not null)
            ArrayPool<ushort>.Shared.Return(Codes);
    }
}
