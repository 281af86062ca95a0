using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Specifications;

namespace ExplicitCluster.Client.Rendering;

/// <summary>What was added to, or removed from, the training sources of a specification.</summary>
/// <param name="Change">The word for it: added or removed.</param>
/// <param name="Number">The source's number in the list, before a removal and after an addition.</param>
/// <param name="Files">Its files.</param>
/// <param name="Ranges">The rows; empty for the whole source.</param>
/// <param name="Rows">How many rows; null where the source was not read.</param>
/// <param name="Sources">Sources in the list now.</param>
internal sealed record ManifestChange(string Change, int Number, IEnumerable<string> Files, ImmutableArray<RemovedRows> Ranges, long? Rows, int Sources)
{
    public static long CountOf(IEnumerable<RemovedRows> ranges) => ranges.Sum(rows => rows.Last - rows.First + 1);
}
