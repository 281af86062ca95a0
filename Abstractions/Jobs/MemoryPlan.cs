using System.Collections.Immutable;

namespace ExplicitCluster.Abstractions.Jobs;

/// <summary>What a job will keep in memory at most, in one silo, item by item.</summary>
[GenerateSerializer, Immutable, Alias("explicit.MemoryPlan")]
public sealed record MemoryPlan(
    [property: Id(0)] ImmutableArray<MemoryItem> Items,
    [property: Id(1)] long AvailableBytes)
{
    /// <summary>Whether rows, columns and labels were estimated: from the first lines of the sources, or from their size.</summary>
    [Id(2)] public bool IsEstimate { get; init; }

    /// <summary>What the job writes into the store, about; 0 where that is not planned.</summary>
    [Id(3)] public long StoreBytes { get; init; }

    public long TotalBytes => Items.Sum(item => item.Bytes);
}
