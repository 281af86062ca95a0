using System.IO.Hashing;
using System.Text;

namespace ExplicitCluster.Testing;

/// <summary>Scripts of <see cref="FaultyProxy"/>.</summary>
public static class FaultScript
{
    /// <summary>A share of all requests fails, chosen by a seed from their kind, path and number alone.</summary>
    /// <param name="seed">Decides which.</param>
    /// <param name="share">From 0 to 1.</param>
    /// <param name="faults">What happens to them.</param>
    public static Func<StoreRequest, StoreFault?> Randomly(int seed, double share, params StoreFault[] faults) => request =>
    {
        var hash = XxHash3.HashToUInt64(Encoding.UTF8.GetBytes($"{request.Kind} {request.Path} {request.Number}"), seed);
        return hash % 10_000 < share * 10_000 ? faults[hash / 10_000 % (ulong)faults.Length] : null;
    };

    /// <summary>The first requests of a kind fail, whatever their path.</summary>
    public static Func<StoreRequest, StoreFault?> First(StoreRequestKind kind, StoreFault fault, int times = 1)
    {
        var left = times;
        return request => request.Kind == kind && Interlocked.Decrement(ref left) >= 0 ? fault : null;
    }
}
