namespace ExplicitCluster.Numerics.Features;

/// <summary>The vocabulary pass over some rows: which features occur, and in how many rows. Belongs to one thread.</summary>
public interface IDocumentCounter
{
    /// <summary>Counts the features of one row.</summary>
    /// <param name="row">As <see cref="DocumentEncoder.Add"/> takes it.</param>
    void Add(ReadOnlySpan<byte> row);

    /// <summary>A list a group.</summary>
    FeatureList[] ToLists();
}
