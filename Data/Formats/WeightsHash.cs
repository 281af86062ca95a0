using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace ExplicitCluster.Data.Formats;

/// <summary>The identity of a model's weights: what they are, not how a file holds them.</summary>
public static class WeightsHash
{
    /// <summary>
    /// Hex SHA-256 over the tensors in ordinal order of their names. Each adds, integers little-endian: int32 length and UTF-8 bytes of the name;
    /// the type as three ASCII characters (<c>F32</c>, <c>F64</c>, <c>I32</c>, <c>U16</c>, <c>U64</c>); int32 number of dimensions and each dimension as int64; int64 length and bytes of the data.
    /// </summary>
    public static string Of(IEnumerable<Tensor> tensors)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> number = stackalloc byte[sizeof(long)];
        foreach (var tensor in tensors.OrderBy(tensor => tensor.Name, StringComparer.Ordinal))
        {
            var name = Encoding.UTF8.GetBytes(tensor.Name);
            BinaryPrimitives.WriteInt32LittleEndian(number, name.Length);
            hash.AppendData(number[..sizeof(int)]);
            hash.AppendData(name);
            hash.AppendData(Encoding.ASCII.GetBytes(tensor.Type.ToString()));
            BinaryPrimitives.WriteInt32LittleEndian(number, tensor.Shape.Length);
            hash.AppendData(number[..sizeof(int)]);
            foreach (var dimension in tensor.Shape)
            {
                BinaryPrimitives.WriteInt64LittleEndian(number, dimension);
                hash.AppendData(number);
            }
            BinaryPrimitives.WriteInt64LittleEndian(number, tensor.Data.Length);
            hash.AppendData(number);
            hash.AppendData(tensor.Data.Span);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
