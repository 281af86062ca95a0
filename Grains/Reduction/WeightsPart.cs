using System.Runtime.InteropServices;
using ExplicitCluster.Data.Formats;
using ExplicitCluster.Data.Store;

namespace ExplicitCluster.Grains.Reduction;

/// <summary>One tile's weights on their way from its reducer to the published model: the inputs that were seen and a row of weights for each.</summary>
internal sealed record WeightsPart(int[] Inputs, float[] Weights)
{
    private const string InputsName = "inputs";
    private const string WeightsName = "weights";

    /// <summary>Writes a part and returns its SHA-256.</summary>
    public static Task<string> WriteAsync(IArtifactStore store, string name, int[] inputs, float[] weights, int classes, CancellationToken cancellationToken) =>
        SafetensorsFile.WriteAsync(
            store,
            name,
            [
                new Tensor(InputsName, TensorType.I32, [inputs.Length], MemoryMarshal.AsBytes(inputs.AsSpan()).ToArray()),
                new Tensor(WeightsName, TensorType.F32, [inputs.Length, classes], MemoryMarshal.AsBytes(weights.AsSpan()).ToArray()),
            ],
            new Dictionary<string, string>(),
            cancellationToken);

    public static async Task<WeightsPart> ReadAsync(IArtifactStore store, string name, string sha256, CancellationToken cancellationToken)
    {
        var tensors = await SafetensorsFile.ReadAsync(store, name, sha256, cancellationToken);
        return new WeightsPart(
            MemoryMarshal.Cast<byte, int>(tensors.Single(tensor => tensor.Name == InputsName).Data.Span).ToArray(),
            MemoryMarshal.Cast<byte, float>(tensors.Single(tensor => tensor.Name == WeightsName).Data.Span).ToArray());
    }
}
