using ExplicitCluster.Abstractions.Refinement;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace ExplicitCluster.Grains.Tests;

/// <summary>What refinement sends is cut so that no message is larger than 4 MB, as it goes over the wire.</summary>
public sealed class MessageSizeTests
{
    private const int MostBytes = 4_000_000;

    private static readonly Serializer Serializer = new ServiceCollection().AddSerializer().BuildServiceProvider().GetRequiredService<Serializer>();

    [Fact]
    public void The_largest_part_of_parameters_stays_below_the_limit()
    {
        var part = new ParameterPart(long.MaxValue, int.MaxValue, int.MaxValue, int.MaxValue, long.MaxValue, new byte[ParameterPart.MostValues * sizeof(float)]);
        Assert.InRange(Serializer.SerializeToArray(part).Length, ParameterPart.MostValues * sizeof(float), MostBytes);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(10)]
    [InlineData(65_536)]
    public void The_largest_part_of_expected_counts_stays_below_the_limit(int classes)
    {
        var cells = new byte[(long)ExpectedCounts.CellsPerPart(classes) * classes * sizeof(long)];
        var part = new ExpectedCounts(long.MaxValue, int.MaxValue, int.MaxValue, int.MaxValue, double.MaxValue, cells);
        Assert.InRange(Serializer.SerializeToArray(part).Length, cells.Length, MostBytes);
    }
}
