namespace ExplicitCluster.Grains.Jobs;

/// <summary>The pieces that a stage consists of.</summary>
/// <param name="Count">How many.</param>
/// <param name="NameOf">What a person calls one, e.g. <c>shard 12</c>.</param>
/// <param name="CallAsync">Runs one; the second argument says how many silos on a second copy belongs, 0 for the first.</param>
/// <param name="Done">Told of each that is done, once.</param>
internal sealed record Pieces<T>(int Count, Func<int, string> NameOf, Func<int, int, CancellationToken, Task<T>> CallAsync, Action<int> Done)
{
    /// <summary>Whether a piece's grain holds what earlier calls made: then no other one takes the piece over because it is idle.</summary>
    public bool HoldsState { get; init; }
}
