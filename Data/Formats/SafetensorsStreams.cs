using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using ExplicitCluster.Data.Store;

namespace ExplicitCluster.Data.Formats;

/// <summary>As <see cref="SafetensorsFile"/> and <see cref="WeightsHash"/>, of tensors that come piece by piece: the same bytes, in the memory of a piece.</summary>
public static class SafetensorsStreams
{
    private const int Pad = 8;

    /// <summary>Writes the tensors in ordinal order of their names, replacing what was there.</summary>
    /// <returns>Hex SHA-256 of the whole file.</returns>
    /// <exception cref="InvalidDataException">A tensor has not as many bytes as its shape says.</exception>
    public static async Task<string> WriteAsync(
        IArtifactStore store, string name, IReadOnlyList<TensorStream> tensors, IReadOnlyDictionary<string, string> metadata, CancellationToken ct)
    {
        TensorStream[] sorted = [.. tensors.OrderBy(tensor => tensor.Name, StringComparer.Ordinal)];
        var header = SafetensorsHeader.Encode(sorted, metadata);
        var padded = new byte[sizeof(long) + (header.Length + Pad - 1) / Pad * Pad];
        padded.AsSpan().Fill((byte)' ');
        BinaryPrimitives.WriteInt64LittleEndian(padded, padded.Length - sizeof(long));
        header.CopyTo(padded.AsSpan(sizeof(long)));
        var sha256 = "";
        await store.WriteAsync(name, async (stream, token) =>
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            hash.AppendData(padded);
            await stream.WriteAsync(padded, token);
            foreach (var tensor in sorted)
            {
                await foreach (var piece in PiecesOf(tensor, token))
                {
                    hash.AppendData(piece.Span);
                    await stream.WriteAsync(piece, token);
                }
            }
            sha256 = Convert.ToHexStringLower(hash.GetHashAndReset());
        }, WriteCondition.Always, ct);
        return sha256;
    }

    /// <summary>What <see cref="WeightsHash.Of"/> gives for the same tensors.</summary>
    public static async Task<string> HashAsync(IEnumerable<TensorStream> tensors, CancellationToken ct)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var tensor in tensors.OrderBy(tensor => tensor.Name, StringComparer.Ordinal))
        {
            var name = Encoding.UTF8.GetBytes(tensor.Name);
            hash.AppendData(BytesOf(name.Length));
            hash.AppendData(name);
            hash.AppendData(Encoding.ASCII.GetBytes(tensor.Type.ToString()));
            hash.AppendData(BytesOf(tensor.Shape.Length));
            foreach (var dimension in tensor.Shape)
                hash.AppendData(BytesOf(dimension));
            hash.AppendData(BytesOf(SafetensorsHeader.LengthOf(tensor.Type, tensor.Shape)));
            await foreach (var piece in PiecesOf(tensor, ct))
                hash.AppendData(piece.Span);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> PiecesOf(TensorStream tensor, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        var length = 0L;
        await foreach (var piece in tensor.Read(ct))
        {
            length += piece.Length;
            yield return piece;
        }
        if (length != SafetensorsHeader.LengthOf(tensor.Type, tensor.Shape))
            throw new InvalidDataException($"Tensor {tensor.Name} has {length} bytes; its shape is [{string.Join(", ", tensor.Shape)}]");
    }

    private static byte[] BytesOf(int number)
    {
        var bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
        return bytes;
    }

    private static byte[] BytesOf(long number)
    {
        var bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
        return bytes;
    }
}
