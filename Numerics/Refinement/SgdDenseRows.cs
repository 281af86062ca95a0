using System.Runtime.InteropServices;
using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Numerics.Refinement;

/// <summary>Dense rows of a worker as they were encoded, bytes or float32, each with 1 / |x|_1 beside it.</summary>
/// <param name="inputs">D.</param>
/// <param name="isBytes">Bytes, otherwise float32.</param>
/// <param name="classes">C.</param>
public sealed class SgdDenseRows(int inputs, bool isBytes, int classes) : SgdRows(classes, inputs, RowBytesOf(inputs, isBytes))
{
    /// <summary>Values are padded with zeros to whole vectors.</summary>
    internal const int Padding = 16;

    /// <summary>D.</summary>
    public int Inputs { get; } = inputs;

    public bool IsBytes { get; } = isBytes;

    internal override double Unit => Math.Sqrt(Math.Max(1, Inputs));

    /// <summary>Bytes held for this many rows, for memory plans.</summary>
    public static long BytesFor(int inputs, bool isBytes, long rows) => BytesOf(RowBytesOf(inputs, isBytes), rows);

    /// <summary>D rounded up to whole vectors.</summary>
    internal static int Padded(int inputs) => checked((inputs + Padding - 1) / Padding * Padding);

    /// <summary>Adds as many rows as there are labels, from row <paramref name="first"/> on; a row of norm 0 only moves the bias.</summary>
    /// <exception cref="ArgumentException">Rows of another width or type, rows that do not exist, or a class out of range.</exception>
    public unsafe void Append(DenseRows rows, int first, ReadOnlySpan<int> labels)
    {
        if (rows.Inputs != Inputs || rows.IsBytes != IsBytes)
            throw new ArgumentException($"rows of {rows.Inputs} {(rows.IsBytes ? "bytes" : "numbers")} do not join rows of {Inputs} {(IsBytes ? "bytes" : "numbers")}", nameof(rows));
        RequireRows(rows.Count, first, labels.Length);
        var size = IsBytes ? 1 : sizeof(float);
        var values = IsBytes ? rows.Bytes : MemoryMarshal.AsBytes(rows.Floats);
        fixed (byte* start = values)
        {
            for (var row = 0; row < labels.Length; row++)
            {
                var from = start + (nint)(first + row) * Inputs * size;
                var norm = IsBytes ? ByteValues.Norm(from, Inputs) : FloatValues.Norm((float*)from, Inputs);
                var scale = norm == 0 ? 0 : (float)(1 / norm);
                new ReadOnlySpan<byte>(from, Inputs * size).CopyTo(Add(labels[row], scale));
            }
        }
    }

    private static int RowBytesOf(int inputs, bool isBytes) => checked(Padded(inputs) * (isBytes ? 1 : sizeof(float)));
}
