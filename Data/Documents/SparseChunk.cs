using System.Runtime.InteropServices;

namespace ExplicitCluster.Data.Documents;

/// <summary>Some consecutive sparse rows of a source: entries of row m are Starts[m] .. Starts[m + 1] - 1, as <c>SparseRows</c> of Numerics have them.</summary>
/// <param name="Starts">(count + 1) ascending, the first 0.</param>
/// <param name="Indices">Inputs as the file numbers them, ascending within a row, each once.</param>
/// <param name="Values">Finite and above 0.</param>
/// <param name="Labels">(count) indices into the manifest's labels; empty where it has none.</param>
public sealed record SparseChunk(int[] Starts, int[] Indices, float[] Values, int[] Labels)
{
    public int Count => Starts.Length - 1;

    /// <summary>From rows whose bytes are <see cref="SparseEntry"/> end to end.</summary>
    internal static SparseChunk Of(DocumentChunk rows)
    {
        var starts = new int[rows.Count + 1];
        var entries = rows.Bytes / SparseEntry.Length;
        var (indices, values) = (new int[entries], new float[entries]);
        for (var row = 0; row < rows.Count; row++)
        {
            var at = starts[row];
            foreach (var (index, value) in MemoryMarshal.Cast<byte, SparseEntry>(rows[row])) (indices[at], values[at++]) = (index, value);
            starts[row + 1] = at;
        }
        return new SparseChunk(starts, indices, values, rows.Labels);
    }
}
