using ExplicitCluster.Data.Store;

namespace ExplicitCluster.Data.Formats;

public static class SafetensorsFile
{
    public static Task<string> WriteAsync(
        IArtifactStore store, string name, IReadOnlyList<Tensor> tensors, IReadOnlyDictionary<string, string> metadata, CancellationToken ct) =>
        throw new NotImplementedException();

    public static Task<IReadOnlyList<Tensor>> ReadAsync(IArtifactStore store, string name, string expectedSha256, CancellationToken ct) =>
        throw new NotImplementedException();
}
