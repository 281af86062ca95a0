using System.Collections.Concurrent;
using ExplicitCluster.Abstractions.Refinement;
using ExplicitCluster.Abstractions.Specifications;

namespace ExplicitCluster.Grains.Tests;

/// <summary>Silos join and leave a refinement that runs: the load follows, and no bit does.</summary>
public sealed class ElasticRefinementTests : IDisposable
{
    private const int Joins = 3;
    private const int Looks = 6;

    /// <summary>Checkpoints at every chunk of a sweep; rounds have one each anyway.</summary>
    private static readonly (string, string) EveryChunk = ("CheckpointPeriod", "00:00:00");

    private readonly SmallImages _images = new(wrong: 0.3);

    public void Dispose() => _images.Dispose();

    [Theory]
    [InlineData(RefineMethod.Sweeps)]
    [InlineData(RefineMethod.Averaging)]
    public async Task A_silo_that_joins_takes_half_of_the_workers_and_one_that_leaves_hands_them_over(RefineMethod method)
    {
        await using var first = await TestSilo.StartAsync(_images.Store, EveryChunk);
        var specification = RefinementJobs.Of(_images, method);
        var expected = await first.SolveAsync(specification);

        // At the third checkpoint the job waits for the second silo to join; at the sixth for us to have looked where its workers are.
        var (joining, joined) = (new TaskCompletionSource(), new TaskCompletionSource());
        var (looking, looked) = (new TaskCompletionSource(), new TaskCompletionSource());
        var checkpoints = new ConcurrentDictionary<string, int>();
        first.Store.BeforeWrite = WaitAsync;
        await first.Job("elastic").StartAsync(specification);
        await joining.Task.WaitAsync(TestSilo.Deadline, TestContext.Current.CancellationToken);
        var second = await TestSilo.JoinAsync(first, _images.Store, EveryChunk);
        second.Store.BeforeWrite = WaitAsync;
        await first.SeesAsync(2);
        await second.SeesAsync(2);
        joined.SetResult();
        await looking.Task.WaitAsync(TestSilo.Deadline, TestContext.Current.CancellationToken);
        var spread = await WorkersOfSilosAsync(first, method);
        Assert.Equal([2, 2], spread);

        looked.SetResult();
        var ending = first.EndOfMovedAsync("elastic"); // with a silo go the grains whose addresses it kept: whoever asks wakes the job
        await second.DisposeAsync();
        var record = await ending;
        RefinementJobs.AssertSame(expected, record.Result!);
        Assert.Contains(record.Retries, retry => retry.What == "workers");

        Task WaitAsync(string artifact)
        {
            if (RefinementJobs.CheckpointOf(artifact) is not { } checkpoint)
                return Task.CompletedTask;
            switch (checkpoints.GetOrAdd(checkpoint, _ => checkpoints.Count + 1))
            {
                case Joins:
                    joining.TrySetResult();
                    return joined.Task;
                case Looks:
                    looking.TrySetResult();
                    return looked.Task;
                default:
                    return Task.CompletedTask;
            }
        }
    }

    /// <summary>How many workers each silo has, ascending.</summary>
    private static async Task<int[]> WorkersOfSilosAsync(TestSilo silo, RefineMethod method)
    {
        var management = silo.Grains.GetGrain<IManagementGrain>(0);
        var places = new List<SiloAddress>();
        for (var worker = 0; worker < RefinementJobs.Workers; worker++)
        {
            IRefinementGrain grain = method == RefineMethod.Sweeps
                ? silo.Grains.GetGrain<ISweepWorkerGrain>($"elastic/{worker}")
                : silo.Grains.GetGrain<IAveragingWorkerGrain>($"elastic/{worker}");
            places.Add((await management.GetActivationAddress(grain))!);
        }
        return [.. places.GroupBy(place => place).Select(group => group.Count()).Order()];
    }
}
