using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Models;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Grains.Hosting;

namespace ExplicitCluster.Grains.Tests;

/// <summary>Layers below that are refined, each on its own loss: the same bits whatever runs them, and through what fails on the way.</summary>
public sealed class RefinedLayerJobTests : IDisposable
{
    private readonly SmallImages _images = new(wrong: 0.2);

    public void Dispose() => _images.Dispose();

    private static FeatureMapSpecification LayerMap(int number) => new() { Map = FeatureMapKind.Layer, Number = number };

    private static RefineSpecification Swept { get; } = new()
    {
        Method = RefineMethod.Sweeps,
        Workers = 3,
        Sweeps = new SweepSpecification { Sweeps = 2, BlocksPerChunk = 10, Average = 2, Stop = false },
    };

    private static RefineSpecification Averaged(int rounds) => new()
    {
        Method = RefineMethod.Averaging,
        Workers = 3,
        Averaging = new AveragingSpecification { Rounds = rounds, Batch = 16, LearningRate = 0.005 },
    };

    private static HiddenTargetSpecification Kinds { get; } = new() { Subclasses = 3, Passes = 1, Seed = 2 };

    private static LayerSpecification Below { get; } = new()
    {
        Features = [SmallImages.Bins],
        Windows = new WindowSpecification(4, 4, 2),
        Solve = new SolveSpecification { K = [4], Alpha = [.05] },
        Refine = Swept,
    };

    /// <summary>Every layer is refined: by sweeps, by averaging, both again into sub-classes, and the top by sweeps.</summary>
    private static JobSpecification All(SmallImages images) => images.Specification(LayerMap(1), LayerMap(2), LayerMap(4)) with
    {
        Layers =
        [
            Below,
            new LayerSpecification { Features = [LayerMap(1)], Windows = new WindowSpecification(2, 2, 1), Solve = new SolveSpecification { K = [1, 2], Alpha = [.05] }, Refine = Averaged(2) },
            Below with { Targets = Kinds },
            new LayerSpecification { Features = [LayerMap(3)], Windows = new WindowSpecification(2, 2, 1), Solve = new SolveSpecification { K = [2], Alpha = [.05] }, Refine = Averaged(2), Targets = Kinds },
        ],
        Refine = Swept,
    };

    [Fact]
    public async Task Shards_silos_and_failures_change_no_bit_where_every_layer_is_refined()
    {
        await using var first = await TestSilo.StartAsync(_images.Store, (nameof(ExplicitOptions.ComputeSlots), "2"));
        var expected = await first.SolveAsync(All(_images));
        Assert.Equal([RefineMethod.Sweeps, RefineMethod.Averaging, RefineMethod.Sweeps, RefineMethod.Averaging], expected.Layers.Select(layer => layer.Refined!.Method));
        Assert.Equal([2, 2, 2, 2], expected.Layers.Select(layer => layer.Refined!.Rounds.Length));
        Assert.Equal(2, expected.Refinement.Length);
        var explicitly = await first.SolveAsync(All(_images) with { Layers = [.. All(_images).Layers.Select(layer => layer with { Refine = new RefineSpecification() })] });
        Assert.Equal(expected.Layers[0].StatisticsSha256, explicitly.Layers[0].StatisticsSha256);
        Assert.NotEqual(expected.Layers[1].StatisticsSha256, explicitly.Layers[1].StatisticsSha256); // what stands on a refined layer counts other activations
        Assert.Equal((expected.Layers[2].StatisticsSha256, expected.Layers[2].Passes[0]), (explicitly.Layers[2].StatisticsSha256, explicitly.Layers[2].Passes[0])); // passes are not refined
        Assert.NotEqual(expected.Layers[3].StatisticsSha256, explicitly.Layers[3].StatisticsSha256);

        await using var second = await TestSilo.JoinAsync(first, _images.Store, (nameof(ExplicitOptions.ComputeSlots), "1"));
        await using var third = await TestSilo.JoinAsync(first, _images.Store, (nameof(ExplicitOptions.ComputeSlots), "1"));
        foreach (var silo in new[] { first, second, third })
            await silo.SeesAsync(3);
        var failures = 0;
        foreach (var silo in new[] { first, second, third })
        {
            silo.Store.BeforeWrite = name => name.Contains("/rounds/", StringComparison.Ordinal) && Interlocked.Increment(ref failures) <= 2
                ? throw new InvalidOperationException("a passing fault")
                : Task.CompletedTask;
        }
        var record = await third.RunAsync(All(_images) with { Data = All(_images).Data with { ShardRows = 33 } });
        Assert.Contains(record.Retries, retry => retry.Stage == JobStage.Layers);
        AssertSame(expected, record.Result!);
        Assert.Equal(3, record.Result!.Silos);
    }

    [Fact]
    public async Task A_job_that_is_cancelled_while_a_layer_is_refined_goes_on_from_its_checkpoint_and_layers_that_are_there_are_taken()
    {
        JobResult expected;
        using (var alone = new SmallImages(wrong: 0.2))
        {
            await using var calm = await TestSilo.StartAsync(alone.Store);
            expected = await calm.SolveAsync(All(alone));
        }
        await using var silo = await TestSilo.StartAsync(_images.Store, ("CheckpointPeriod", "00:00:00"));
        var (files, ofSubclasses, layers, reached) = (0, 0, 0, new TaskCompletionSource());
        silo.Store.BeforeWrite = name =>
        {
            if (name.StartsWith("refined/", StringComparison.Ordinal) && name.EndsWith(".json", StringComparison.Ordinal))
                Interlocked.Increment(ref layers);
            if (!name.Contains("/rounds/", StringComparison.Ordinal))
                return Task.CompletedTask;
            Interlocked.Increment(ref files);
            if (layers == 2 && Interlocked.Increment(ref ofSubclasses) == 12)
                reached.SetResult();
            return Task.CompletedTask;
        };
        var job = silo.Job("paused");
        await job.StartAsync(All(_images));
        await reached.Task.WaitAsync(TestSilo.Deadline, TestContext.Current.CancellationToken);
        await job.CancelAsync();
        var cancelled = await TestSilo.EndOf(job);
        Assert.Equal((JobStatus.Cancelled, JobStage.Layers, 3), (cancelled.Status, cancelled.Stage, cancelled.Checkpoint!.Layer));
        await job.ResumeAsync();
        var resumed = await TestSilo.EndOf(job);
        Assert.Equal((JobStatus.Done, 2), (resumed.Status, resumed.Attempts));
        AssertSame(expected, resumed.Result!);

        var before = files;
        var again = await silo.SolveAsync(All(_images) with { Refine = new RefineSpecification() });
        Assert.Equal(before, files); // no round at all
        Assert.Equal(expected.Layers.Select(layer => layer.Refined!.Sha256), again.Layers.Select(layer => layer.Refined!.Sha256));
        Assert.DoesNotContain(await silo.Store.ListAsync("jobs/", CancellationToken.None).ToListAsync(), name => name.Contains("/rounds/", StringComparison.Ordinal));
        var model = await Models.ModelFolder.ReadAsync(silo.Store, again.ModelPath, CancellationToken.None);
        Assert.Null(model.Lineage.Refinement); // of the top
    }

    [Fact]
    public async Task A_layer_that_no_round_moved_is_the_explicit_one()
    {
        await using var silo = await TestSilo.StartAsync(_images.Store);
        var soft = Below with { Activation = LayerActivation.Softmax };
        foreach (var layer in new[] { Below, soft, soft with { Features = [SmallImages.Pixels], Windows = null } })
        {
            var specification = _images.Specification(LayerMap(1));
            var expected = await silo.SolveAsync(specification with { Layers = [layer with { Refine = new RefineSpecification() }] });
            AssertSame(expected, await silo.SolveAsync(specification with { Layers = [layer with { Refine = Averaged(0) }] }));
            Assert.NotEqual(expected.WeightsSha256, (await silo.SolveAsync(specification with { Layers = [layer with { Refine = Averaged(1) }] })).WeightsSha256);
        }
    }

    [Fact]
    public async Task A_model_on_refined_layers_predicts_alone()
    {
        await using var silo = await TestSilo.StartAsync(_images.Store);
        var result = await silo.SolveAsync(All(_images));
        await foreach (var name in silo.Store.ListAsync("", CancellationToken.None).Where(name => name.StartsWith("statistics/", StringComparison.Ordinal) || name.StartsWith("refined/", StringComparison.Ordinal)))
            await silo.Store.DeleteAsync(name, CancellationToken.None);
        var report = await silo.Grains.GetGrain<IModelGrain>(result.Model).EvaluateAsync([_images.TestSource]);
        Assert.Equal(result.Test!.Confusion, report.Confusion);
        Assert.Equal(result.Test.CrossEntropy, report.CrossEntropy);
    }

    private static void AssertSame(JobResult expected, JobResult seen)
    {
        Assert.Equal(expected.Layers.Select(layer => layer.StatisticsSha256), seen.Layers.Select(layer => layer.StatisticsSha256));
        Assert.Equal((expected.StatisticsSha256, expected.WeightsSha256), (seen.StatisticsSha256, seen.WeightsSha256));
        Assert.Equal(expected.Test!.CrossEntropy, seen.Test!.CrossEntropy);
    }
}
