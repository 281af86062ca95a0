using ExplicitCluster.Abstractions.Errors;
using ExplicitCluster.Abstractions.Shards;
using ExplicitCluster.Data.Documents;
using ExplicitCluster.Data.Sources;
using ExplicitCluster.Grains.Shards;
using ExplicitCluster.Numerics.Features;

namespace ExplicitCluster.Grains.Texts;

/// <summary>Texts or sparse rows as they were read, and their classes, -1 where a label has none.</summary>
internal sealed class DocumentRows(SourceManifest source, DocumentChunk documents, long number, int[] classes) : IRowChunk
{
    public long Number => number;

    public int Count => documents.Count;

    public IRowChunk Take(int[] indices) =>
        indices.Length == Count ? this : new DocumentRows(source, documents.Take(indices), number, Array.ConvertAll(indices, index => classes[index]));

    public IRowChunk Known() => Take(Where(m => classes[m] >= 0));

    public (IRowChunk HeldOut, IRowChunk Others) Part()
    {
        var heldOut = RowFold.AreHeldOut(source, documents);
        return (Take(Where(m => heldOut[m])), Take(Where(m => !heldOut[m])));
    }

    /// <summary>The rows as features, by an encoder of the caller.</summary>
    public EncodedChunk Encode(DocumentEncoder encoder)
    {
        for (var row = 0; row < documents.Count; row++)
            encoder.Add(documents[row]);
        return new EncodedChunk(null, null, classes) { Sparse = encoder.Take(), Raw = documents.Rows };
    }

    /// <exception cref="JobException">Rows have weights.</exception>
    public void RefuseWeights()
    {
        if (documents.Weights is not null)
            throw new JobException($"{source.Files[0].Path} has weights, and averaging takes rows that count alike", "remove the column of weights, or refine");
    }

    private int[] Where(Predicate<int> isWanted) => [.. Enumerable.Range(0, Count).Where(m => isWanted(m))];
}
