using System.IO.Hashing;
using System.Text;
using Orleans.Runtime.Placement;

namespace ExplicitCluster.Grains.Hosting;

/// <summary>
/// The grain with index i of its job goes to silo (i + offset of the job) mod silos, over silos sorted by address: even for any job, and no two
/// jobs begin on the same silo by rule. A second copy of a grain, with <c>i+k</c> for i, goes k silos on.
/// </summary>
public sealed class SpreadPlacementDirector : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var silos = context.GetCompatibleSilos(target);
        return Task.FromResult(IPlacementDirector.GetPlacementHint(target.RequestContextData, silos) ?? SiloOf(target.GrainIdentity, silos));
    }

    /// <summary>The grain's place among these silos.</summary>
    public static SiloAddress SiloOf(GrainId grain, IReadOnlyCollection<SiloAddress> among)
    {
        SiloAddress[] silos = [.. among];
        if (silos.Length == 1)
            return silos[0];
        Array.Sort(silos, (left, right) => string.CompareOrdinal(left.ToParsableString(), right.ToParsableString()));
        var key = grain.Key.ToString() ?? "";
        var slash = key.LastIndexOf('/');
        var offset = XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(key[..Math.Max(slash, 0)]));
        var index = 0ul;
        foreach (var part in key.AsSpan(slash + 1).Split('+'))
            index += ulong.TryParse(key.AsSpan(slash + 1)[part], out var parsed) ? parsed : 0;
        return silos[(int)((offset + index) % (ulong)silos.Length)];
    }
}
