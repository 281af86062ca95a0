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

    /// <summary>With what comes after the rest is let go of: of equal items the larger counts.</summary>
    public MemoryPlan Then(IEnumerable<MemoryItem> items) => items.Aggregate(this, (plan, item) => plan.With(item, Math.Max));

    /// <summary>With what is held beside the rest: equal items add up.</summary>
    public MemoryPlan And(MemoryItem item) => With(item, (before, more) => before + more);

    private MemoryPlan With(MemoryItem item, Func<long, long, long> join)
    {
        var at = Items.Select(one => one.What).ToList().IndexOf(item.What);
        return this with { Items = at < 0 ? Items.Add(item) : Items.SetItem(at, item with { Bytes = join(Items[at].Bytes, item.Bytes) }) };
    }
}
