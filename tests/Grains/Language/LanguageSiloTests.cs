using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Testing;

namespace ExplicitCluster.Grains.Tests.Language;

/// <summary>A silo that goes away in a stage of a language model, with a piece of it in hand that it never finishes, and with the job.</summary>
public sealed class LanguageSiloTests : IDisposable
{
    private static readonly Lazy<Task<string>> Expected = new(ExpectedAsync);

    private readonly VerseFiles _verses = new();

    public void Dispose() => _verses.Dispose();

    /// <param name="artifact">What the name of the artifact has in it that the silo does not come to write.</param>
    /// <param name="rest">What it has in it as well.</param>
    [Theory]
    [InlineData("/kept-", "-1-2-0000")] // counting
    [InlineData("/merged-", "/lags-1-2/")] // merging
    [InlineData("/kept-", "/lags-2/")] // tables to fit weights on
    [InlineData("/rounds/", "/worker-")] // learning
    public async Task A_silo_that_is_gone_costs_time_and_no_bit(string artifact, string rest)
    {
        var specification = SpecificationOf(_verses);
        await using var first = await TestSilo.StartAsync(_verses.Store);
        var second = await TestSilo.JoinAsync(first, _verses.Store, ("DrainPeriod", "00:00:00"));
        await first.SeesAsync(2);
        await second.SeesAsync(2);
        var (stuck, never) = (new TaskCompletionSource(), new TaskCompletionSource());
        second.Store.BeforeWrite = name =>
        {
            if (!name.Contains(artifact, StringComparison.Ordinal) || !name.Contains(rest, StringComparison.Ordinal))
                return Task.CompletedTask;
            stuck.TrySetResult();
            return never.Task;
        };
        await second.Job("moving").StartAsync(specification);
        await stuck.Task.WaitAsync(TestSilo.Deadline, TestContext.Current.CancellationToken);
        var stopping = second.DisposeAsync();
        never.SetException(new IOException("the silo is gone"));
        await stopping;
        var record = await first.EndOfMovedAsync("moving");
        Assert.True(record.Result is not null, record.Failure?.Cause);
        Assert.Equal(await Expected.Value, $"{record.Result.StatisticsSha256} {record.Result.WeightsSha256}");
    }

    private static async Task<string> ExpectedAsync()
    {
        using var alone = new VerseFiles();
        await using var silo = await TestSilo.StartAsync(alone.Store);
        var result = await silo.SolveAsync(SpecificationOf(alone));
        return $"{result.StatisticsSha256} {result.WeightsSha256}";
    }

    /// <summary>Of enough text for two parts of each table, one a silo.</summary>
    private static JobSpecification SpecificationOf(VerseFiles verses)
    {
        var tokens = new TokenSpecification { Kind = TokenKind.Pattern, Pattern = KingJames.Pattern, Vocabulary = 60 };
        var language = new LanguageSpecification { Tokens = tokens, Lags = VerseFiles.Lags("1 1,2 2") };
        var specification = VerseFiles.Split(verses.Write("verses.txt", verses: 5200), language) with { Evaluate = EvaluateRows.None, Refine = LanguageRefinementTests.Averaging(workers: 2, rounds: 1) };
        return specification with { Data = specification.Data with { ShardRows = 1300 } };
    }
}
