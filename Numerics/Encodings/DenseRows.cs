using System.Runtime.InteropServices;

namespace ExplicitCluster.Numerics.Encodings;

/// <summary>
/// Dense rows before normalisation: (Count, Inputs), row-major, bytes or float32, all finite and at least 0.
/// Normalisation is part of the kernels that read them.
/// </summary>
public sealed class DenseRows(int count, int inputs, bool isBytes, ReadOnlyMemory<byte> data)
{
    public int Count { get; } = count;

    public int Inputs { get; } = inputs;

    public bool IsBytes { get; } = isBytes;

    public ReadOnlySpan<byte> Bytes => data.Span;

    public ReadOnlySpan<float> Floats => MemoryMarshal.Cast<byte, float>(data.Span);
}
