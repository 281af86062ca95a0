using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ExplicitCluster.Abstractions.Language;
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

    /// <summary>So that no tensor is above 2 GB.</summary>
    private const long MostCells = (1L << 31) / sizeof(int) - 1024;

    /// <summary>Writes one part of a table; gives the file's SHA-256.</summary>
    public static Task<string> WritePartAsync(IArtifactStore store, string name, ExpertTable<float> table, CancellationToken cancellationToken) =>
        SafetensorsFile.WriteAsync(store, name, TensorsOf([table]), new Dictionary<string, string>(), cancellationToken);

    public static async Task<ExpertTable<float>> ReadPartAsync(IArtifactStore store, string name, string sha256, LagSet set, CancellationToken cancellationToken) =>
        TableOf(await SafetensorsFile.ReadAsync(store, name, sha256, cancellationToken), name, set);

    /// <summary>Writes the deltas of some tables; gives the file's SHA-256.</summary>
    public static Task<string> WriteDeltasAsync(IArtifactStore store, string name, IEnumerable<(LagSet Set, ReadOnlyMemory<float> Deltas)> tables, CancellationToken cancellationToken) =>
        SafetensorsFile.WriteAsync(
            store,
            name,
            [.. tables.Select(table => new Tensor($"{PrefixOf(table.Set)}deltas", TensorType.F32, [table.Deltas.Length], MemoryMarshal.AsBytes(table.Deltas.Span).ToArray()))],
            new Dictionary<string, string>(),
            cancellationToken);

    /// <summary>Reads the deltas of some tables.</summary>
    public static async Task<float[][]> ReadDeltasAsync(IArtifactStore store, string name, string sha256, LagSet[] sets, CancellationToken cancellationToken)
    {
        var tensors = await SafetensorsFile.ReadAsync(store, name, sha256, cancellationToken);
        return Array.ConvertAll(sets, set => Numbers<float>(tensors, name, $"{PrefixOf(set)}deltas"));
    }

    /// <summary>The parts of a table, one after the other.</summary>
    public static ExpertTable<float> Join(IReadOnlyList<ExpertTable<float>> parts)
    {
        var starts = new List<int> { 0 };
        foreach (var part in parts)
        {
            var before = starts[^1];
            foreach (var start in part.Starts[1..])
                starts.Add(before + start);
        }
        return new ExpertTable<float>(
            parts[0].Set,
            [.. parts.SelectMany(part => part.Contexts.ToArray())],
            [.. starts],
            [.. parts.SelectMany(part => part.Words.ToArray())],
            [.. parts.SelectMany(part => part.Deltas.ToArray())]);
    }

    public static LanguageModel ModelOf(IReadOnlyList<Tensor> tensors, string name, CellPacking packing, LagSet[] sets, double[] weights) => new(
        packing, Numbers<float>(tensors, name, Base), Array.ConvertAll(sets, set => TableOf(tensors, name, set)), weights);

    /// <summary>The base as it is published.</summary>
    public static TensorStream BaseOf(float[] baseScores) => new(
        Base, TensorType.F32, [baseScores.Length], _ => new ReadOnlyMemory<byte>[] { MemoryMarshal.AsBytes(baseScores.AsSpan()).ToArray() }.ToAsyncEnumerable());

    /// <summary>A table as it is published: its parts one after the other, of which one is in memory at a time.</summary>
    /// <param name="set">The lags.</param>
    /// <param name="parts">What the parts are.</param>
    /// <param name="read">Reads one.</param>
    public static IReadOnlyList<TensorStream> Of(LagSet set, IReadOnlyList<SolvedPart> parts, Func<int, CancellationToken, Task<ExpertTable<float>>> read)
    {
        var (rows, cells) = (parts.Sum(part => (long)part.Rows), parts.Sum(part => (long)part.Cells));
        if (cells > MostCells)
        {
            throw new LanguageException(
                $"lags [{set}] have {cells:N0} cells; a model takes at most {MostCells:N0} a set", "set features.prune: 1, or use fewer lags, a smaller vocabulary or less text");
        }
        return
        [
            StreamOf("contexts", TensorType.U64, rows, (_, table) => MemoryMarshal.AsBytes(table.Contexts).ToArray()),
            StreamOf("starts", TensorType.I32, rows + 1, StartsOf),
            StreamOf("words", TensorType.I32, cells, (_, table) => MemoryMarshal.AsBytes(table.Words).ToArray()),
            StreamOf("deltas", TensorType.F32, cells, (_, table) => MemoryMarshal.AsBytes(table.Deltas).ToArray()),
        ];

        TensorStream StreamOf(string name, TensorType type, long length, Func<int, ExpertTable<float>, byte[]> piece) => new(PrefixOf(set) + name, type, [length], token => PiecesAsync(piece, token));

        async IAsyncEnumerable<ReadOnlyMemory<byte>> PiecesAsync(Func<int, ExpertTable<float>, byte[]> piece, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            for (var part = 0; part < parts.Count; part++)
                yield return piece(part, await read(part, cancellationToken));
        }

        // Each part's own starts begin at 0, which is said once.
        byte[] StartsOf(int part, ExpertTable<float> table)
        {
            var before = parts.Take(part).Sum(one => one.Cells);
            int[] starts = [.. part == 0 ? table.Starts : table.Starts[1..]];
            for (var i = 0; i < starts.Length; i++)
                starts[i] += before;
            return MemoryMarshal.AsBytes(starts.AsSpan()).ToArray();
        }
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
