namespace ExplicitCluster.Numerics.Refinement;

/// <summary>Float32 numbers that start on a cache line and stay where they are; zeros at first.</summary>
internal sealed unsafe class SgdBuffer
{
    private const int LineBytes = 64;

    private readonly float[] _array;

    public SgdBuffer(long length)
    {
        Length = checked((int)length);
        _array = GC.AllocateArray<float>(checked(Length + LineBytes / sizeof(float)), pinned: true);
        var start = (nint)System.Runtime.CompilerServices.Unsafe.AsPointer(ref System.Runtime.InteropServices.MemoryMarshal.GetArrayDataReference(_array));
        Start = (float*)((start + LineBytes - 1) & -LineBytes);
    }

    public int Length { get; }

    /// <summary>Valid while this object is.</summary>
    public float* Start { get; }

    public Span<float> Span => new(Start, Length);
}
