using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Reduction;
using ExplicitCluster.Grains.Jobs;
using ExplicitCluster.Numerics.Mixed;

namespace ExplicitCluster.Grains.Mixed;

/// <summary>The statistics of all groups as those of one row: nothing is stored under their name, for each group has its own.</summary>
internal static class MixedStatistics
{
    public static MergedStatistics Of(ImmutableArray<MergedStatistics> groups)
    {
        var prior = groups[MixedGroup.PriorOf([.. groups.Select(group => group.ZeroRows)])];
        return prior with
        {
            Name = $"statistics/mixed/{SpecificationHash.Sha256(string.Join('\n', groups.Select(group => group.Name)))}",
            Tiles = [],
            Inputs = checked(groups.Sum(group => group.Inputs)),
            Groups = groups,
        };
    }

    /// <summary>The hash of one group is its own; that of several is over the hashes, a line each.</summary>
    public static string HashOf(ImmutableArray<string> groups) => groups.Length == 1 ? groups[0] : SpecificationHash.Sha256(string.Join('\n', groups));
}
