using System.IO.Hashing;

namespace ExplicitCluster.Numerics.Features;

/// <summary>Buckets in place of a vocabulary: the low bits of XxHash3-64 of a feature's bytes, seeded by its group (docs/math.md 11).</summary>
/// <param name="group">Number of the group from 0; equal bytes in other groups fall into other buckets.</param>
/// <param name="bits">1 to <see cref="MostBits"/>: there are 2^bits buckets.</param>
public sealed class FeatureHash(int group, int bits)
{
    /// <summary>Bits of all groups' buckets together at most.</summary>
    public const int MostBits = 27;

    private const int FirstSeed = 100;

    private readonly ulong _mask = (1UL << bits) - 1;

    /// <summary>The bucket of a feature.</summary>
    public int BucketOf(ReadOnlySpan<byte> feature) => (int)(XxHash3.HashToUInt64(feature, FirstSeed + group) & _mask);
}
