using System.Runtime.InteropServices;
using ExplicitCluster.Data.Formats;
using ExplicitCluster.Data.Store;

namespace ExplicitCluster.Grains.Refinement;

/// <summary>Float64 numbers of a checkpoint, a safetensors file of one tensor.</summary>
internal static class DoublesFile
{
    private const string TensorName = "values";

    /// <summary>Writes the numbers; gives the file's SHA-256.</summary>
    public static Task<string> WriteAsync(IArtifactStore store, string name, double[] values, CancellationToken cancellationToken) =>
        SafetensorsFile.WriteAsync(
            store, name, [new Tensor(TensorName, TensorType.F64, [values.LongLength], MemoryMarshal.AsBytes(values.AsSpan()).ToArray())],
            new Dictionary<string, string>(), cancellationToken);

    /// <exception cref="ArtifactDamagedException">The file is another, or has another length.</exception>
    public static async Task<double[]> ReadAsync(IArtifactStore store, string name, string sha256, long length, CancellationToken cancellationToken)
    {
        var tensors = await SafetensorsFile.ReadAsync(store, name, sha256, cancellationToken);
        var values = MemoryMarshal.Cast<byte, double>(tensors[0].Data.Span).ToArray();
        return values.LongLength == length ? values : throw new ArtifactDamagedException(name, "its tensor", $"{length} numbers", $"{values.LongLength}");
    }
}
