using System.Runtime.InteropServices;
using ExplicitCluster.Data.Store;

namespace ExplicitCluster.Data.Formats;

/// <summary>
/// Lists of numbers of a checkpoint, float64 or float32, as a safetensors file: each list in tensors of at most so many numbers, since no tensor is read or written in
/// more than 2 GB.
/// </summary>
public static class NumbersFile
{
    /// <summary>Numbers of a tensor: 128 MB of float64.</summary>
    public const int MostInTensor = 1 << 24;

    private static readonly Dictionary<string, string> NoMetadata = [];

    /// <summary>Writes the lists; gives the file's SHA-256.</summary>
    public static Task<string> WriteAsync<T>(
        IArtifactStore store, string name, IReadOnlyList<T[]> lists, CancellationToken ct, int mostInTensor = MostInTensor) where T : unmanaged
    {
        var tensors = new List<Tensor>();
        for (var list = 0; list < lists.Count; list++)
        {
            foreach (var (first, count) in PartsOf(lists[list].Length, mostInTensor))
                tensors.Add(new Tensor($"{list:D4}-{tensors.Count:D8}", TypeOf<T>(), [count], MemoryMarshal.AsBytes(lists[list].AsSpan(first, count)).ToArray()));
        }
        return SafetensorsFile.WriteAsync(store, name, tensors, NoMetadata, ct);
    }

    /// <summary>Reads what <see cref="WriteAsync"/> wrote.</summary>
    /// <param name="store">Where from.</param>
    /// <param name="name">The artifact's name.</param>
    /// <param name="sha256">Hex SHA-256 that the file must have.</param>
    /// <param name="count">Lists.</param>
    /// <param name="length">Numbers of each.</param>
    /// <param name="ct">Cancels between tensors.</param>
    /// <exception cref="ArtifactMissingException">There is no such artifact.</exception>
    /// <exception cref="ArtifactDamagedException">The file is another, or holds other lists.</exception>
    public static async Task<T[][]> ReadAsync<T>(IArtifactStore store, string name, string sha256, int count, int length, CancellationToken ct) where T : unmanaged
    {
        var tensors = await SafetensorsFile.ReadAsync(store, name, sha256, ct);
        var numbers = tensors.Sum(tensor => tensor.Data.Length / Marshal.SizeOf<T>());
        if (tensors.Any(tensor => tensor.Type != TypeOf<T>()) || numbers != (long)count * length)
            throw new ArtifactDamagedException(name, "its tensors", $"{count} times {length} numbers of {TypeOf<T>()}", $"{numbers}");
        var lists = new T[count][];
        var at = 0;
        for (var list = 0; list < count; list++)
        {
            lists[list] = GC.AllocateUninitializedArray<T>(length);
            for (var done = 0; done < length;)
            {
                var part = MemoryMarshal.Cast<byte, T>(tensors[at++].Data.Span);
                part.CopyTo(lists[list].AsSpan(done));
                done += part.Length;
            }
        }
        return lists;
    }

    /// <summary>Ranges of at most so many, in order.</summary>
    private static IEnumerable<(int First, int Count)> PartsOf(int length, int most)
    {
        for (var first = 0L; first < length; first += most)
            yield return ((int)first, (int)Math.Min(most, length - first));
    }

    private static TensorType TypeOf<T>() => typeof(T) == typeof(double) ? TensorType.F64 : TensorType.F32;
}
