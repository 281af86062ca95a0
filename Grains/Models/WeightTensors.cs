using System.Runtime.InteropServices;
using ExplicitCluster.Data.Formats;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Numerics.Encodings;

namespace ExplicitCluster.Grains.Models;

/// <summary>
/// A layer's weights as tensors (docs/formats.md): <c>bias</c> (C) always; <c>weights</c> (D, C) for dense and sparse rows; for blocks, a pair a block:
/// <c>block.P.codes</c> (S), the codes seen in training, ascending, and <c>block.P.weights</c> (S + 1, C), a row for each and the last one for
/// every other code. Scores are the bias plus the sum of the active rows (dense and sparse: of the rows times the scaled values).
/// </summary>
internal static class WeightTensors
{
    private const string BiasName = "bias";
    private const string DenseName = "weights";

    /// <param name="layout">The layout of the rows.</param>
    /// <param name="bias">(C).</param>
    /// <param name="seen">Ascending inputs that were seen.</param>
    /// <param name="weights">(seen, C).</param>
    /// <param name="unseen">Weights of the other inputs of a block; block 0 stands for a dense row.</param>
    public static IReadOnlyList<Tensor> Of(RowLayout layout, float[] bias, int[] seen, float[] weights, Func<int, float[]> unseen)
    {
        var classes = bias.Length;
        var tensors = new List<Tensor> { new(BiasName, TensorType.F32, [classes], BytesOf<float>(bias)) };
        if (layout.Kind != EncodingKind.Blocks)
        {
            var dense = new float[(long)layout.Inputs * classes];
            if (seen.Length < layout.Inputs)
            {
                var rest = unseen(0);
                for (var j = 0; j < layout.Inputs; j++)
                    rest.CopyTo(dense, j * classes);
            }
            for (var i = 0; i < seen.Length; i++)
                weights.AsSpan(i * classes, classes).CopyTo(dense.AsSpan(seen[i] * classes));
            tensors.Add(new Tensor(DenseName, TensorType.F32, [layout.Inputs, classes], BytesOf<float>(dense)));
            return tensors;
        }
        var at = 0;
        for (var block = 0; block < layout.Blocks; block++)
        {
            var end = at;
            while (end < seen.Length && seen[end] < layout.BlockStart(block + 1))
                end++;
            var codes = new ushort[end - at];
            for (var i = 0; i < codes.Length; i++)
                codes[i] = (ushort)(seen[at + i] - layout.BlockStart(block));
            var rows = new float[(codes.Length + 1) * classes];
            weights.AsSpan(at * classes, codes.Length * classes).CopyTo(rows);
            if (codes.Length < layout.BlockSize(block))
                unseen(block).CopyTo(rows.AsSpan(codes.Length * classes));
            tensors.Add(new Tensor(CodesName(block), TensorType.U16, [codes.Length], BytesOf<ushort>(codes)));
            tensors.Add(new Tensor(WeightsName(block), TensorType.F32, [codes.Length + 1, classes], BytesOf<float>(rows)));
            at = end;
        }
        return tensors;
    }

    /// <summary>Groups side by side: one bias, and the tensors of each group with <c>group.N.</c> before their names, N from 1.</summary>
    /// <param name="bias">(C).</param>
    /// <param name="groups">The tensors of each group, of which its own bias is left out.</param>
    public static IReadOnlyList<Tensor> OfGroups(float[] bias, IReadOnlyList<IReadOnlyList<Tensor>> groups) =>
    [
        new Tensor(BiasName, TensorType.F32, [bias.Length], BytesOf<float>(bias)),
        .. groups.SelectMany((group, i) => group.Where(tensor => tensor.Name != BiasName).Select(tensor => tensor with { Name = PrefixOf(i) + tensor.Name })),
    ];

    /// <summary>One group of such, with a bias of zeros.</summary>
    /// <exception cref="ArtifactDamagedException">Tensors that do not fit the layout.</exception>
    public static (float[] Bias, int[] RowOfInput, float[] Weights) ReadGroup(RowLayout layout, int group, int classes, IReadOnlyList<Tensor> tensors, string name)
    {
        var prefix = PrefixOf(group);
        var mine = tensors.Where(tensor => tensor.Name.StartsWith(prefix, StringComparison.Ordinal)).Select(tensor => tensor with { Name = tensor.Name[prefix.Length..] });
        return Read(layout, classes, [.. mine, new Tensor(BiasName, TensorType.F32, [classes], BytesOf<float>(new float[classes]))], name);
    }

    /// <summary>The bias alone.</summary>
    /// <exception cref="ArtifactDamagedException">There is none of so many classes.</exception>
    public static float[] ReadBias(int classes, IReadOnlyList<Tensor> tensors, string name) =>
        Values<float>(tensors.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal), BiasName, classes, name);

    /// <summary>The layer's parts: bias, the row of weights of every input, and the rows; a dense input j has row j.</summary>
    /// <exception cref="ArtifactDamagedException">Tensors that do not fit the layout.</exception>
    public static (float[] Bias, int[] RowOfInput, float[] Weights) Read(RowLayout layout, int classes, IReadOnlyList<Tensor> tensors, string name)
    {
        var byName = tensors.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
        var bias = Values<float>(byName, BiasName, classes, name);
        if (layout.Kind != EncodingKind.Blocks)
            return (bias, [], Values<float>(byName, DenseName, (long)layout.Inputs * classes, name));
        var rowOfInput = new int[layout.Inputs];
        var rows = new List<float[]>();
        var first = 0;
        for (var block = 0; block < layout.Blocks; block++)
        {
            var codes = Values<ushort>(byName, CodesName(block), null, name);
            rows.Add(Values<float>(byName, WeightsName(block), (long)(codes.Length + 1) * classes, name));
            var rowOfCode = rowOfInput.AsSpan(layout.BlockStart(block), layout.BlockSize(block));
            rowOfCode.Fill(first + codes.Length);
            for (var i = 0; i < codes.Length; i++)
            {
                if (codes[i] >= rowOfCode.Length)
                    throw new ArtifactDamagedException(name, CodesName(block), $"codes below {rowOfCode.Length}", $"{codes[i]}");
                rowOfCode[codes[i]] = first + i;
            }
            first += codes.Length + 1;
        }
        var weights = new float[(long)first * classes];
        var at = 0;
        foreach (var part in rows)
        {
            part.CopyTo(weights, at);
            at += part.Length;
        }
        return (bias, rowOfInput, weights);
    }

    private static string PrefixOf(int group) => $"group.{group + 1}.";

    private static string CodesName(int block) => $"block.{block:D5}.codes";

    private static string WeightsName(int block) => $"block.{block:D5}.weights";

    private static byte[] BytesOf<T>(T[] values) where T : unmanaged => MemoryMarshal.AsBytes(values.AsSpan()).ToArray();

    private static T[] Values<T>(Dictionary<string, Tensor> tensors, string tensor, long? length, string name) where T : unmanaged
    {
        if (!tensors.TryGetValue(tensor, out var found))
            throw new ArtifactDamagedException(name, $"tensor {tensor}", "present", "absent");
        var values = MemoryMarshal.Cast<byte, T>(found.Data.Span).ToArray();
        return length is null || values.Length == length
            ? values
            : throw new ArtifactDamagedException(name, $"tensor {tensor}", $"{length} values", $"{values.Length}");
    }
}
