using System.Collections.Immutable;

namespace ExplicitCluster.Data.Formats;

/// <summary>A named array.</summary>
/// <param name="Name">Unique within a file.</param>
/// <param name="Type">Element type.</param>
/// <param name="Shape">Dimensions, row-major; empty for a scalar.</param>
/// <param name="Data">Little-endian elements, as many bytes as type and shape say.</param>
public sealed record Tensor(string Name, TensorType Type, ImmutableArray<long> Shape, ReadOnlyMemory<byte> Data);
