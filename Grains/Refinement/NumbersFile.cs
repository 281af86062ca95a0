using System.Runtime.InteropServices;
using ExplicitCluster.Data.Formats;
using ExplicitCluster.Data.Store;

namespace ExplicitCluster.Grains.Refinement;

/// <summary>Numbers of a checkpoint, a safetensors file of one tensor of float64 or float32.</summary>
internal static class NumbersFile
{
    private const string TensorName = "values";

    /// <summary>Writes the numbers; gives the file's SHA-256.</summary>
    public static Task<string> WriteAsync<T>(IArtifactStore store, string name, T[] values, CancellationToken cancellationToken) where T : unmanaged =>
        SafetensorsFile.WriteAsync(
            store, name, [new Tensor(TensorName, TypeOf<T>(), [values.LongLength], MemoryMarshal.AsBytes(values.AsSpan()).ToArray())],
            new Dictionary<string, string>(), cancellationToken);

    /// <exception cref="ArtifactDamagedException">The file is another, or has another length.</exception>
    public static async Task<T[]> ReadAsync<T>(IArtifactStore store, string name, string sha256, long length, CancellationToken cancellationToken) where T : unmanaged
    {
        var tensors = await SafetensorsFile.ReadAsync(store, name, sha256, cancellationToken);
        var values = MemoryMarshal.Cast<byte, T>(tensors[0].Data.Span).ToArray();
        return values.LongLength == length ? values : throw new ArtifactDamagedException(name, "its tensor", $"{length} numbers", $"{values.LongLength}");
    }

    private static TensorType TypeOf<T>() => typeof(T) == typeof(double) ? TensorType.F64 : TensorType.F32;
}
