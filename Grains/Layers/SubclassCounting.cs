using ExplicitCluster.Abstractions.Shards;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Grains.Hosting;
using ExplicitCluster.Grains.Jobs;
using ExplicitCluster.Grains.Reduction;
using ExplicitCluster.Grains.Shards;
using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Layers;

namespace ExplicitCluster.Grains.Layers;

/// <summary>Counts rows by sub-classes of their labels, which are found anew from the tables of the passes before.</summary>
internal sealed class SubclassCounting
{
    private readonly Subclasses _subclasses;
    private readonly int[]? _classOf;

    /// <param name="subclasses">What tells rows apart.</param>
    /// <param name="work">What it was made of.</param>
    /// <param name="labels">What the rows' classes number.</param>
    public SubclassCounting(Subclasses subclasses, SubclassWork work, IEnumerable<string> labels)
    {
        _subclasses = subclasses;
        if (work.Passes.IsEmpty)
            return; // where no table has a part, no number of a class has
        var counted = SubclassNames.LabelsOf(work.Passes[0].Merged.Labels, work.Count);
        _classOf = [.. labels.Select(label => counted.IndexOf(label))];
    }

    /// <summary>What a silo's grains share of the passes before.</summary>
    public static Task<Subclasses> LoadAsync(SharedArtifacts shared, IArtifactStore store, SubclassWork work, RowLayout layout, CancellationToken cancellationToken) =>
        shared.GetAsync($"{SpecificationHash.TextOf(work)} {string.Join(' ', work.Passes.Select(pass => pass.Merged.Name))}", token => LoadAsync(store, work, layout, token), cancellationToken);

    /// <summary>The chunk, every row with the class <c>label x S + sub-class</c>.</summary>
    public EncodedChunk Of(EncodedChunk chunk)
    {
        var classes = _classOf is null ? chunk.Classes : Array.ConvertAll(chunk.Classes, y => _classOf[y]);
        var targets = chunk switch
        {
            { Sparse: { } sparse } => _subclasses.Of(chunk.Raw!, sparse, classes),
            { Dense: { } dense } => _subclasses.Of(chunk.Raw!, dense, classes),
            _ => _subclasses.Of(chunk.Raw!, chunk.Blocks!, classes),
        };
        var counted = new int[targets.Length];
        for (var m = 0; m < counted.Length; m++)
            counted[m] = chunk.Classes[m] * _subclasses.Count + targets[m] % _subclasses.Count;
        return chunk with { Classes = counted };
    }

    private static async Task<Subclasses> LoadAsync(IArtifactStore store, SubclassWork work, RowLayout layout, CancellationToken cancellationToken)
    {
        var passes = new List<ILayerScores>();
        var whole = WindowGrid.Whole(layout);
        foreach (var pass in work.Passes)
        {
            var (counts, totals) = (await MergedTables.LoadAsync(store, pass.Merged, cancellationToken), MergedTables.TotalsOf(pass.Merged));
            passes.Add(layout.Kind switch
            {
                EncodingKind.Blocks => new WindowScores(layout, whole, counts, totals, work.Alpha),
                EncodingKind.Sparse => new SparseWindowScores(layout, whole, counts, totals, work.Alpha),
                _ => new DenseWindowScores(layout, whole, counts, totals, work.Alpha),
            });
        }
        return new Subclasses(work.Count, work.Seed, passes);
    }
}
