using System.Collections.Immutable;

namespace ExplicitCluster.Data.Formats;

/// <summary>A named array whose elements come piece by piece, so that it need not be in memory as a whole.</summary>
/// <param name="Name">Unique within a file.</param>
/// <param name="Type">Element type.</param>
/// <param name="Shape">Dimensions, row-major; empty for a scalar.</param>
/// <param name="Read">Its little-endian elements in order, the same each time; a piece is good until the next is asked for.</param>
public sealed record TensorStream(string Name, TensorType Type, ImmutableArray<long> Shape, Func<CancellationToken, IAsyncEnumerable<ReadOnlyMemory<byte>>> Read);
