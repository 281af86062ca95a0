using System.Runtime.InteropServices;
using ExplicitCluster.Data.Formats;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Numerics.Language;

namespace ExplicitCluster.Grains.Language;

/// <summary>
/// A language model as tensors: <c>base</c> (V) float32; of every set of lags <c>lags.1-2.contexts</c> (rows) uint64, <c>.starts</c> (rows + 1) int32,
/// <c>.words</c> (cells) int32 and <c>.deltas</c> (cells) float32.
/// </summary>
internal static class LanguageTensors
{
    private const string Base = "base";

    /// <summary>Writes one part of a table; gives the file's SHA-256.</summary>
    public static Task<string> WritePartAsync(IArtifactStore store, string name, ExpertTable<float> table, CancellationToken cancellationToken) =>
        SafetensorsFile.WriteAsync(store, name, TensorsOf([table]), new Dictionary<string, string>(), cancellationToken);

    public static async Task<ExpertTable<float>> ReadPartAsync(IArtifactStore store, string name, string sha256, LagSet set, CancellationToken cancellationToken) =>
        TableOf(await SafetensorsFile.ReadAsync(store, name, sha256, cancellationToken), name, set);

    public static IReadOnlyList<Tensor> Of(float[] baseScores, IEnumerable<ExpertTable<float>> tables) =>
        [new Tensor(Base, TensorType.F32, [baseScores.Length], MemoryMarshal.AsBytes(baseScores.AsSpan()).ToArray()), .. TensorsOf(tables)];

    public static LanguageModel ModelOf(IReadOnlyList<Tensor> tensors, string name, CellPacking packing, LagSet[] sets, double[] weights) => new(
        packing, Numbers<float>(tensors, name, Base), Array.ConvertAll(sets, set => TableOf(tensors, name, set)), weights);

    /// <summary>Parts one after the other: their contexts ascend.</summary>
    public static ExpertTable<float> Join(LagSet set, IReadOnlyList<ExpertTable<float>> parts)
    {
        var (rows, cells) = (parts.Sum(part => part.Contexts.Length), parts.Sum(part => part.Cells));
        var (contexts, starts, words, deltas) = (new ulong[rows], new int[rows + 1], new int[cells], new float[cells]);
        var (row, cell) = (0, 0);
        foreach (var part in parts)
        {
            part.Contexts.CopyTo(contexts.AsSpan(row));
            part.Words.CopyTo(words.AsSpan(cell));
            part.Deltas.CopyTo(deltas.AsSpan(cell));
            for (var i = 1; i < part.Starts.Length; i++)
                starts[row + i] = cell + part.Starts[i];
            row += part.Contexts.Length;
            cell += part.Cells;
        }
        return new ExpertTable<float>(set, contexts, starts, words, deltas);
    }

    private static string PrefixOf(LagSet set) => $"lags.{string.Join('-', set.Lags)}.";

    private static IReadOnlyList<Tensor> TensorsOf(IEnumerable<ExpertTable<float>> tables) => [.. tables.SelectMany(table => new Tensor[]
    {
        new($"{PrefixOf(table.Set)}contexts", TensorType.U64, [table.Contexts.Length], MemoryMarshal.AsBytes(table.Contexts).ToArray()),
        new($"{PrefixOf(table.Set)}starts", TensorType.I32, [table.Starts.Length], MemoryMarshal.AsBytes(table.Starts).ToArray()),
        new($"{PrefixOf(table.Set)}words", TensorType.I32, [table.Cells], MemoryMarshal.AsBytes(table.Words).ToArray()),
        new($"{PrefixOf(table.Set)}deltas", TensorType.F32, [table.Cells], MemoryMarshal.AsBytes(table.Deltas).ToArray()),
    })];

    private static ExpertTable<float> TableOf(IReadOnlyList<Tensor> tensors, string name, LagSet set) => new(
        set,
        Numbers<ulong>(tensors, name, $"{PrefixOf(set)}contexts"),
        Numbers<int>(tensors, name, $"{PrefixOf(set)}starts"),
        Numbers<int>(tensors, name, $"{PrefixOf(set)}words"),
        Numbers<float>(tensors, name, $"{PrefixOf(set)}deltas"));

    private static T[] Numbers<T>(IReadOnlyList<Tensor> tensors, string name, string tensor)
        where T : unmanaged =>
        MemoryMarshal.Cast<byte, T>((tensors.FirstOrDefault(one => one.Name == tensor) ?? throw new ArtifactDamagedException(name, "its tensors", tensor, "none of that name")).Data.Span)
            .ToArray();
}
