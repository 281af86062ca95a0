using System.Text;
using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Grains.Language;
using ExplicitCluster.Numerics.Language;
using ExplicitCluster.Numerics.Tokens;
using ExplicitCluster.Testing;

namespace ExplicitCluster.Grains.Tests.Language;

public sealed class LanguageJobTests : IDisposable
{
    private static readonly TokenSpecification Tokens = new() { Kind = TokenKind.Pattern, Pattern = KingJames.Pattern };

    private readonly VerseFiles _verses = new();

    public void Dispose() => _verses.Dispose();

    [Fact]
    public async Task The_King_James_text_has_the_perplexity_of_the_reference()
    {
        await using var silo = await TestSilo.StartAsync(_verses.Store);
        var six = new LanguageSpecification { Tokens = Tokens with { Block = 1000 }, Lags = VerseFiles.Lags("1 1,2 2 1,3 2,3"), ContinuesTop = true };
        var result = await silo.SolveAsync(VerseFiles.Split(_verses.Write("verses.txt"), six));
        var language = result.Language!;
        Assert.Equal((4096, 822_000L, 1_465_362L), (language.Vocabulary, language.Tokens, language.Cells));
        Assert.Equal((91L, 91_000L), (language.Test!.Documents, language.Test.Tokens));
        Assert.Equal(38.5915, language.Test.Perplexity, 0.003 * 38.5915);
    }

    [Fact]
    public async Task Three_silos_and_other_shards_give_the_bits_of_one()
    {
        var path = _verses.Write("verses.txt", verses: 3000);
        var language = new LanguageSpecification { Tokens = Tokens with { Block = 200, Vocabulary = 500 }, Lags = VerseFiles.Lags("1 1,2 2"), ContinuesTop = true };
        var specification = VerseFiles.Split(path, language);
        using var alone = new VerseFiles();
        await using var single = await TestSilo.StartAsync(alone.Store);
        var expected = await single.SolveAsync(specification);

        // Runs of 64 KB: every shard writes many, and the reducers merge hundreds.
        await using var first = await TestSilo.StartAsync(_verses.Store, ("RunBytes", "65536"));
        await using var second = await TestSilo.JoinAsync(first, _verses.Store, ("RunBytes", "65536"));
        await using var third = await TestSilo.JoinAsync(first, _verses.Store, ("RunBytes", "65536"));
        foreach (var silo in new[] { first, second, third })
            await silo.SeesAsync(3);
        var passes = 0;
        foreach (var silo in new[] { first, second, third })
        {
            silo.Store.BeforeWrite = name =>
            {
                if (name.StartsWith("jobs/", StringComparison.Ordinal) && name.Contains("/rounds/merge/", StringComparison.Ordinal))
                    Interlocked.Increment(ref passes);
                return Task.CompletedTask;
            };
        }
        var result = await second.SolveAsync(specification with { Data = specification.Data with { ShardRows = 271 } });
        Assert.Equal((3, 12), (result.Silos, result.Shards));
        Assert.Equal((expected.Model, expected.WeightsSha256, expected.StatisticsSha256), (result.Model, result.WeightsSha256, result.StatisticsSha256));
        Assert.Equal(expected.Language!.Test, result.Language!.Test);
        Assert.Equal(expected.Language.HeldOutPerplexity, result.Language.HeldOutPerplexity);
        Assert.True(passes > 10, $"{passes} runs were made on the way");
        Assert.DoesNotContain(await first.Store.ListAsync("jobs/", TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken), name => name.Contains("merge", StringComparison.Ordinal));

        // Once more: everything is found in the store.
        var again = await third.SolveAsync(specification with { Data = specification.Data with { ShardRows = 271 } });
        Assert.Equal((12, result.WeightsSha256), (again.ReusedShards, again.WeightsSha256));
    }

    [Fact]
    public async Task The_counts_of_a_job_are_those_of_one_pass_in_memory()
    {
        // Long enough for several parts of the tables, in many shards.
        var path = _verses.Write("verses.txt", verses: 8000);
        await using var silo = await TestSilo.StartAsync(_verses.Store);
        var language = new LanguageSpecification { Tokens = Tokens with { Vocabulary = 300 }, Lags = VerseFiles.Lags("1 1,2 1,2,3 2 2,4 3"), Weights = LanguageWeights.Ones };
        var specification = VerseFiles.Split(path, language);
        var result = await silo.SolveAsync(specification with { Data = specification.Data with { ShardRows = 700 } });
        var model = await TrainedLanguageModel.LoadAsync(silo.Store, result.ModelPath, TestContext.Current.CancellationToken);

        var (tokenizer, tokens) = (Tokenizers.Of(language.Tokens), new TokenBuffer());
        var documents = File.ReadAllLines(path).Where((_, i) => i % 10 != 9).Select(line =>
        {
            tokens.Clear();
            tokenizer.Split(Encoding.UTF8.GetBytes(line), tokens);
            var ids = new int[tokens.Count];
            model.Words.IdsOf(tokens, ids);
            return ids;
        }).ToArray();
        var plan = new ContextPlan([.. language.Lags.Select(lags => new LagSet([.. lags]))], continuesTop: false);
        var solution = LanguageSolution.Count(model.Model.Packing, plan, documents);
        foreach (var (set, table) in plan.Sets.Zip(model.Model.Tables))
        {
            var expected = await solution.TableOfAsync<float>(set);
            Assert.True(expected.Contexts.SequenceEqual(table.Contexts), $"contexts of lags {set}");
            Assert.True(expected.Words.SequenceEqual(table.Words), $"words of lags {set}");
            Assert.True(expected.Deltas.SequenceEqual(table.Deltas), $"deltas of lags {set}");
        }
        Assert.Equal(LanguageModel.BaseOf(Unigram.Logs(solution.Continuation), 1), model.Model.BaseScores);
    }

    [Fact]
    public async Task Rows_that_are_removed_leave_the_bits_of_a_file_without_them()
    {
        var language = new LanguageSpecification { Tokens = Tokens with { Vocabulary = 200 }, Lags = VerseFiles.Lags("1 1,2"), Weights = LanguageWeights.Ones };
        await using var silo = await TestSilo.StartAsync(_verses.Store);
        var expected = await silo.SolveAsync(Whole(_verses.Write("less.txt", 400, verse => verse is < 120 or > 180)));
        var all = Whole(_verses.Write("all.txt", 400));
        var before = await silo.SolveAsync(all);
        var less = await silo.SolveAsync(all with { Data = all.Data with { Train = [all.Data.Train[0] with { Removed = [new RemovedRows(120, 180)] }] } });
        Assert.NotEqual(before.StatisticsSha256, less.StatisticsSha256);
        Assert.Equal((expected.StatisticsSha256, expected.WeightsSha256), (less.StatisticsSha256, less.WeightsSha256));

        JobSpecification Whole(string path) => new()
        {
            Name = "whole",
            Features = [],
            Data = new DataSpecification { Train = [new SourceSpecification { Format = SourceFormat.Text, Path = path }], ShardRows = 64 },
            Language = language,
            Evaluate = EvaluateRows.None,
        };
    }

    [Fact]
    public async Task Sources_that_come_and_go_leave_what_was_counted_of_others_and_the_bits_of_a_start_anew()
    {
        var (a, b) = (_verses.Write("a.txt", 500), _verses.Write("b.txt", 900, verse => verse >= 500));
        BytePairFile.Write(_verses.PathOf("pieces.tiktoken"));
        var tokens = Tokenizers.OfBytePairs(_verses.PathOf("pieces.tiktoken"));
        var language = new LanguageSpecification { Tokens = tokens, Lags = VerseFiles.Lags("1 1,2 2"), ContinuesTop = true };
        await using var silo = await TestSilo.StartAsync(_verses.Store);
        var before = await silo.SolveAsync(Of(Source(a)));
        Assert.Equal((4, 0), (before.Shards, before.ReusedShards));
        var both = await silo.SolveAsync(Of(Source(a), Source(b)));
        Assert.Equal((8, 4), (both.Shards, both.ReusedShards));
        var cut = await silo.SolveAsync(Of(Source(a) with { Removed = [new RemovedRows(130, 140)] }, Source(b)));
        Assert.Equal((8, 7), (cut.Shards, cut.ReusedShards));
        var last = await silo.SolveAsync(Of(Source(b)));
        Assert.Equal((4, 4), (last.Shards, last.ReusedShards));
        var again = await silo.SolveAsync(Of(Source(a)));
        Assert.Equal((4, before.WeightsSha256), (again.ReusedShards, again.WeightsSha256));

        using var fresh = new VerseFiles();
        await using var anew = await TestSilo.StartAsync(fresh.Store);
        var less = fresh.Write("less.txt", 500, verse => verse is < 130 or > 140);
        foreach (var (expected, sources) in new[] { (both, new[] { a, b }), (cut, [less, b]), (last, [b]) })
        {
            var result = await anew.SolveAsync(Of([.. sources.Select(Source)]));
            Assert.Equal((expected.StatisticsSha256, expected.WeightsSha256, expected.Model), (result.StatisticsSha256, result.WeightsSha256, result.Model));
        }

        JobSpecification Of(params SourceSpecification[] sources) => new()
        {
            Name = "sources",
            Features = [],
            Data = new DataSpecification { Train = [.. sources], ShardRows = 128 },
            Language = language,
            Evaluate = EvaluateRows.None,
        };

        SourceSpecification Source(string path) => new() { Format = SourceFormat.Text, Path = path };
    }

    [Fact]
    public async Task A_job_that_does_not_fit_into_memory_ends_before_its_texts_are_counted()
    {
        var path = _verses.Write("verses.txt", verses: 300);
        await using var silo = await TestSilo.StartAsync(_verses.Store, ("MaxMemoryBytes", "50000000"), ("ComputeSlots", "1"));
        var specification = VerseFiles.Split(path, new LanguageSpecification { Tokens = Tokens, Lags = VerseFiles.Lags("1"), Weights = LanguageWeights.Ones });
        var record = await silo.RunAsync(specification);
        Assert.Equal((JobStatus.Failed, JobStage.Plan), (record.Status, record.Failure!.Stage));
        Assert.Matches("^the memory plan needs about [0-9,]+ bytes and the silo has 50,000,000; the largest part is (counts being gathered|runs being merged), [0-9,]+ bytes$", record.Failure.Cause);
        Assert.Empty(await silo.Store.ListAsync("statistics/", TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken));

        // The same with shorter runs; the plan is told before anything is counted, and again as it is.
        await using var other = await TestSilo.StartAsync(_verses.PathOf("other"), ("MaxMemoryBytes", "50000000"), ("ComputeSlots", "1"), ("RunBytes", "1000000"));
        var job = other.Job("fits");
        await job.StartAsync(specification);
        var steps = await job.WatchAsync(TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);
        Assert.Equal(JobStatus.Done, steps[^1].Record!.Status);
        var plan = steps.First(step => step.Plan is not null);
        Assert.Equal((JobStage.Plan, true), (plan.Stage, plan.Plan!.StoreBytes > 0));
        Assert.InRange(plan.Plan.TotalBytes, 1_000_000, 50_000_000);
    }

    [Fact]
    public async Task Texts_without_a_token_or_a_held_out_document_end_the_job_with_a_remedy()
    {
        var path = _verses.Write("verses.txt", verses: 2, verse => verse == 1);
        await using var silo = await TestSilo.StartAsync(_verses.Store);
        var language = new LanguageSpecification { Tokens = Tokens with { Pattern = "[0-9]+" }, Lags = VerseFiles.Lags("1") };
        var none = await silo.RunAsync(VerseFiles.Split(path, language) with { Evaluate = EvaluateRows.None });
        Assert.Equal((JobStatus.Failed, "the training documents have no token"), (none.Status, none.Failure!.Cause));
        var few = await silo.RunAsync(VerseFiles.Split(path, language with { Tokens = Tokens }) with { Evaluate = EvaluateRows.None });
        Assert.Contains("is held out to fit weights on", few.Failure!.Cause, StringComparison.Ordinal);
    }
}
