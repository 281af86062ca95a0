namespace ExplicitCluster.Numerics.Elementary;

/// <summary>The generator SplitMix64 of Steele, Lea and Flood: a state that grows by a constant, and a mix of its bits. The same numbers everywhere.</summary>
/// <param name="seed">The first state.</param>
public sealed class SplitMix64(ulong seed)
{
    private ulong _state = seed;

    /// <summary>The next 64 bits.</summary>
    public ulong Next()
    {
        _state += 0x9E3779B97F4A7C15;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
