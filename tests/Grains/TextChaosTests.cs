using ExplicitCluster.Abstractions.Jobs;

namespace ExplicitCluster.Grains.Tests;

/// <summary>A classifier of texts whose silos die in the midst of its stages.</summary>
public sealed class TextChaosTests : IDisposable
{
    private readonly SmallTexts _texts = new();

    public void Dispose() => _texts.Dispose();

    [Theory]
    [InlineData("vocabularies/", JobStage.Vocabulary)]
    [InlineData("statistics/", JobStage.Accumulate)]
    [InlineData("jobs/chaos/rounds/", JobStage.Refine)]
    public async Task A_silo_that_dies_with_a_piece_in_hand_changes_no_bit(string artifact, JobStage stage)
    {
        var specification = _texts.Specification(SmallTexts.FourGroups, 30);
        await using var alone = await TestSilo.StartAsync($"{_texts.Store}-alone");
        var expected = await alone.SolveAsync(specification);

        await using var first = await TestSilo.StartAsync(_texts.Store);
        await using var second = await TestSilo.JoinAsync(first, _texts.Store);
        await using var third = await TestSilo.JoinAsync(first, _texts.Store);
        foreach (var silo in new[] { first, second, third })
            await silo.SeesAsync(3);
        var (reached, died) = (new TaskCompletionSource(), new TaskCompletionSource());
        third.Store.BeforeWrite = name =>
        {
            if (!name.StartsWith(artifact, StringComparison.Ordinal))
                return Task.CompletedTask;
            reached.TrySetResult();
            return died.Task;
        };
        await first.Job("chaos").StartAsync(specification);
        await reached.Task.WaitAsync(TestSilo.Deadline, TestContext.Current.CancellationToken);
        var ending = first.EndOfMovedAsync("chaos");
        await third.KillAsync();
        var record = await ending;
        died.SetException(new InvalidOperationException("the process is gone"));
        Assert.True(record.Status == JobStatus.Done, record.Failure?.Cause);
        Assert.Contains(record.Retries, retry => retry.Stage == stage);
        Assert.Equal((expected.StatisticsSha256, expected.WeightsSha256), (record.Result!.StatisticsSha256, record.Result.WeightsSha256));
        Assert.Equal(expected.Test!.CrossEntropy, record.Result.Test!.CrossEntropy);
    }
}
