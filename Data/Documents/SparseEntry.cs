using System.Runtime.InteropServices;

namespace ExplicitCluster.Data.Documents;

/// <summary>A value of a sparse row, as rows are gathered and stored.</summary>
[StructLayout(LayoutKind.Sequential)]
internal record struct SparseEntry(int Index, float Value)
{
    public const int Length = sizeof(int) + sizeof(float);
}
