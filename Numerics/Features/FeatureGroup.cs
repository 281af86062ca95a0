using ExplicitCluster.Numerics.Tokens;

namespace ExplicitCluster.Numerics.Features;

/// <summary>One kind of features of a document, a function of its tokens (docs/math.md 10). A group belongs to one thread: it reuses memory.</summary>
/// <param name="counts">What a feature's occurrences count as.</param>
public abstract class FeatureGroup(CountKind counts)
{
    /// <summary>The group's key in a specification.</summary>
    public abstract string Name { get; }

    public CountKind Counts { get; } = counts;

    /// <summary>Whether the features of a document are those of its tokens, each by itself.</summary>
    public virtual bool IsWithinTokens => false;

    /// <summary>Hands every occurrence of every feature to <paramref name="sink"/>.</summary>
    public abstract void Extract<TSink>(TokenBuffer tokens, ref TSink sink)
        where TSink : struct, IFeatureSink;
}
