namespace ExplicitCluster.Numerics.Language;

/// <summary>The words that an expert has seen in a context, ascending, and what each adds to the word's score.</summary>
public readonly ref struct ExpertRow<T>(ReadOnlySpan<int> words, ReadOnlySpan<T> deltas)
{
    public ReadOnlySpan<int> Words { get; } = words;

    public ReadOnlySpan<T> Deltas { get; } = deltas;
}
