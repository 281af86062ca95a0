using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Reduction;
using ExplicitCluster.Abstractions.Shards;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Grains.Hosting;
using ExplicitCluster.Grains.Shards;
using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Layers;

namespace ExplicitCluster.Grains.Layers;

/// <summary>What a refinement of a layer of sub-classes is to tell apart: every row's target is the sub-class that all passes found for it, a number among those that have rows.</summary>
internal sealed class SubclassTargets
{
    private readonly SubclassCounting _counting;
    private readonly int[] _numberOf;

    private SubclassTargets(Subclasses subclasses, SubclassWork work, ImmutableArray<string> names)
    {
        Labels = SubclassNames.LabelsOf(names, work.Count);
        _counting = new SubclassCounting(subclasses, work, Labels);
        // A row of zero norm, which is in no count, may have been told into a sub-class that no other row is in: it has the first of its label instead.
        _numberOf = [.. SubclassNames.Of(Labels, work.Count).Select(name => names.IndexOf(name)).Chunk(work.Count)
            .SelectMany(numbers => numbers.Select(number => number < 0 ? numbers.First(other => other >= 0) : number))];
    }

    /// <summary>What the classes of rows number before they are told into sub-classes.</summary>
    public ImmutableArray<string> Labels { get; }

    /// <summary>Null where targets are the labels.</summary>
    /// <param name="shared">What a silo's grains share.</param>
    /// <param name="store">The store.</param>
    /// <param name="work">How rows are told into sub-classes.</param>
    /// <param name="merged">Statistics of the sub-classes that have rows.</param>
    /// <param name="layout">Layout of the rows.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public static async Task<SubclassTargets?> LoadAsync(
        SharedArtifacts shared, IArtifactStore store, SubclassWork? work, MergedStatistics merged, RowLayout layout, CancellationToken cancellationToken) =>
        work is null ? null : new SubclassTargets(await SubclassCounting.LoadAsync(shared, store, work, layout, cancellationToken), work, merged.Labels);

    /// <summary>Training rows and their labels, as rows and their targets.</summary>
    public EncodedChunk Of(EncodedChunk chunk)
    {
        var told = _counting.Of(chunk);
        return told with { Classes = Array.ConvertAll(told.Classes, target => _numberOf[target]) };
    }
}
