using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Grains.Hosting;
using ExplicitCluster.Grains.Jobs;
using ExplicitCluster.Grains.Shards;
using ExplicitCluster.Numerics.Encodings;

namespace ExplicitCluster.Grains.Tests;

/// <summary>What a plan says that refinements hold.</summary>
public sealed class MemoryPlanTests
{
    private const int Rows = 60_000;
    private const int TestRows = 10_000;

    private static readonly ExplicitOptions Options = new() { ComputeSlots = 1, MaxMemoryBytes = 1 << 30 };

    [Fact]
    public void Rows_of_an_averaging_are_kept_as_bytes_and_test_rows_where_they_are_evaluated()
    {
        var items = ItemsOf(Averaging(SmallImages.Pixels));
        Assert.InRange(items["rows of the workers"], Rows * 784, Rows * 784 * 1.1);
        Assert.InRange(items["test rows of the workers"], TestRows * 784, TestRows * 800);
        Assert.InRange(items["rows on their way to the workers"], 8192 * 4 * 784, 8192 * 4 * 800);
        Assert.InRange(items["tables of the explicit start"], 784 * 10 * 3 * 8, 784 * 10 * 40);
        Assert.Equal(0, ItemsOf(Averaging(SmallImages.Pixels) with { Evaluate = EvaluateRows.None })["test rows of the workers"]);
    }

    [Fact]
    public void Codes_are_two_bytes_and_more_workers_blocks_and_runs_hold_more()
    {
        var averaging = ItemsOf(Averaging(SmallImages.Bins));
        Assert.InRange(averaging["rows of the workers"], Rows * 784 * 2, Rows * 784 * 2.2);
        var sweeps = new SweepSpecification { BlocksPerChunk = 10, Average = 1 };
        var few = ItemsOf(Sweeps(sweeps));
        var many = ItemsOf(Sweeps(sweeps with { BlocksPerChunk = 100, Average = 2, Start = SweepStart.Explicit }));
        Assert.Equal(0, few["tables of the explicit start"]);
        Assert.True(many["tables of the explicit start"] >= 784 * 3 * 10 * sizeof(double));
        const int OfManyBlocks = 4 * 2 * 2 * 100 * 3 * 10 * sizeof(long); // workers, own and summed, runs, codes, classes
        Assert.True(many["expected counts of a chunk"] > few["expected counts of a chunk"] + OfManyBlocks);
        Assert.Equal(2 * few["scores of the workers' rows"], many["scores of the workers' rows"]);
    }

    private static Dictionary<string, long> ItemsOf(JobSpecification specification)
    {
        var encoder = FeatureMaps.EncoderOf(specification.Features, new RowShape(784, 28, 28, true));
        return MemoryPlanner.PlanOf(specification, encoder, Rows, TestRows, 10, Options).Items.ToDictionary(item => item.What, item => item.Bytes);
    }

    private static JobSpecification Averaging(FeatureMapSpecification map) => Of(map, new RefineSpecification { Method = RefineMethod.Averaging });

    private static JobSpecification Sweeps(SweepSpecification sweeps) => Of(SmallImages.Bins, new RefineSpecification { Method = RefineMethod.Sweeps, Sweeps = sweeps });

    private static JobSpecification Of(FeatureMapSpecification map, RefineSpecification refine) =>
        new() { Name = "planned", Data = new DataSpecification { Train = [] }, Features = [map], Refine = refine };
}
