using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Data.Sources;
using ExplicitCluster.Grains.Language;

namespace ExplicitCluster.Grains.Tests.Language;

public sealed class LanguageRefinementTests : IDisposable
{
    private static readonly TokenSpecification Tokens = new() { Kind = TokenKind.Pattern, Pattern = Testing.KingJames.Pattern, Vocabulary = 200 };

    private readonly VerseFiles _verses = new();

    public void Dispose() => _verses.Dispose();

    [Fact]
    public async Task One_epoch_on_the_positional_model_lowers_its_perplexity_by_five_percent()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var positional = new LanguageSpecification { Tokens = Tokens, Lags = VerseFiles.Lags("1 2 3 4 5"), SingleDiscount = true, Weights = LanguageWeights.Harmonic };
        var specification = VerseFiles.Split(_verses.Write("verses.txt", verses: 3000), positional);
        await using var silo = await TestSilo.StartAsync(_verses.Store);
        var before = await silo.SolveAsync(specification);
        var result = await silo.SolveAsync(specification with { Refine = Averaging(workers: 1, rounds: 1, rate: 0.3) });
        Assert.InRange(result.Language!.Test!.Perplexity, 1, 0.95 * before.Language!.Test!.Perplexity);
        Assert.Equal(before.StatisticsSha256, result.StatisticsSha256);
        Assert.InRange(Assert.Single(result.Refinement).TrainCrossEntropy, 1, before.Language.Test.CrossEntropy);

        var model = await TrainedLanguageModel.LoadAsync(silo.Store, result.ModelPath, cancellation);
        Assert.Single(model.Description.Lineage.Refinement!.Rounds);
        var documents = await LanguageTexts.ReadAsync(silo.Store, new SourceReader(silo.Store), model, specification.Data.Test, cancellation).Take(20).ToListAsync(cancellation);
        Probabilities.SumToOne(model.Model, [.. documents.Select(document => document.Ids)]);
        Assert.Empty(await silo.Store.ListAsync("jobs/", cancellation).Where(name => !name.EndsWith("job.json", StringComparison.Ordinal)).ToListAsync(cancellation));
    }

    [Fact]
    public async Task Rounds_give_the_same_bits_on_three_silos_by_other_shards_and_after_a_pause()
    {
        var language = new LanguageSpecification { Tokens = Tokens with { Block = 100 }, Lags = VerseFiles.Lags("1 1,2 2") };
        var specification = VerseFiles.Split(_verses.Write("verses.txt", verses: 900), language) with { Refine = Averaging(workers: 3, rounds: 2) };
        using var alone = new VerseFiles();
        JobResult expected;
        await using (var single = await TestSilo.StartAsync(alone.Store))
            expected = await single.SolveAsync(specification);
        Assert.Equal(2, expected.Refinement.Length);

        await using var first = await TestSilo.StartAsync(_verses.Store);
        await using var second = await TestSilo.JoinAsync(first, _verses.Store);
        await using var third = await TestSilo.JoinAsync(first, _verses.Store);
        TestSilo[] silos = [first, second, third];
        foreach (var silo in silos)
            await silo.SeesAsync(3);
        var job = second.Job("paused");
        var learnt = 0;
        foreach (var silo in silos)
        {
            silo.Store.BeforeWrite = async name =>
            {
                if (name.Contains("0001/worker-", StringComparison.Ordinal))
                    await job.CancelAsync(); // in the second round
                Interlocked.Add(ref learnt, name.Contains("0000/worker-", StringComparison.Ordinal) ? 1 : 0);
            };
        }
        await job.StartAsync(specification with { Data = specification.Data with { ShardRows = 77 } });
        var cancelled = await TestSilo.EndOf(job);
        Assert.Equal((JobStatus.Cancelled, JobStage.Refine), (cancelled.Status, cancelled.Stage));
        foreach (var silo in silos)
            silo.Store.BeforeWrite = name => Task.FromResult(Interlocked.Add(ref learnt, name.Contains("0000/worker-", StringComparison.Ordinal) ? 100 : 0));
        await job.ResumeAsync();
        var resumed = await TestSilo.EndOf(job);
        Assert.Equal(JobStatus.Done, resumed.Status);
        Assert.Equal((expected.WeightsSha256, expected.Model, expected.Language!.Test), (resumed.Result!.WeightsSha256, resumed.Result.Model, resumed.Result.Language!.Test));
        Assert.Equal(expected.Refinement.Select(round => round.TrainCrossEntropy), resumed.Result.Refinement.Select(round => round.TrainCrossEntropy));
        Assert.InRange(learnt, 1, 99); // the first round was not run again
    }

    [Fact]
    public async Task A_rate_that_is_too_high_ends_the_job_with_a_remedy()
    {
        var language = new LanguageSpecification { Tokens = Tokens, Lags = VerseFiles.Lags("1"), Weights = LanguageWeights.Ones };
        await using var silo = await TestSilo.StartAsync(_verses.Store);
        var specification = VerseFiles.Split(_verses.Write("verses.txt", verses: 50), language);
        var record = await silo.RunAsync(specification with { Refine = Averaging(workers: 1, rounds: 1, rate: 1e9) });
        Assert.Equal((JobStatus.Failed, JobStage.Refine), (record.Status, record.Failure!.Stage));
        Assert.StartsWith("the refinement diverged: a token had a loss of", record.Failure.Cause, StringComparison.Ordinal);
    }

    internal static RefineSpecification Averaging(int workers, int rounds, double rate = 0.1) => new()
    {
        Method = RefineMethod.Averaging,
        Workers = workers,
        Averaging = new AveragingSpecification { Rounds = rounds, LearningRate = rate },
    };
}
