using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Models;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Data.Sources;
using ExplicitCluster.Grains.Hosting;
using ExplicitCluster.Grains.Layers;
using ExplicitCluster.Grains.Models;
using ExplicitCluster.Grains.Models.Explanations;
using ExplicitCluster.Grains.Shards;
using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Groups;
using ExplicitCluster.Numerics.Mixed;
using ExplicitCluster.Numerics.Solution;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Grains.Tests;

/// <summary>Mixed rows as jobs: what the bare library gives, statistics shared with jobs of one map, and the same bits everywhere.</summary>
public sealed class MixedJobTests : IDisposable
{
    private static readonly FeatureMapSpecification Complement = new() { Map = FeatureMapKind.Complement };

    private readonly SmallImages _images = new(wrong: 0.2);

    public void Dispose() => _images.Dispose();

    private JobSpecification Mixed => _images.Specification(SmallImages.Bins, Complement, SmallImages.Orientations) with
    {
        Solve = new SolveSpecification { K = [1], Alpha = [.05, .5], ByGroup = true },
    };

    /// <summary>Classes of windows and probabilities of other windows beside patches.</summary>
    private JobSpecification Layered => Mixed with
    {
        Features = [new() { Map = FeatureMapKind.Layer, Number = 2 }, SmallImages.Patches, new() { Map = FeatureMapKind.Layer, Number = 1 }],
        Layers =
        [
            new() { Features = [SmallImages.Pixels], Activation = LayerActivation.Softmax, Windows = new(4, 4, 2), Solve = new() { K = [20], Alpha = [.01] } },
            new() { Features = [SmallImages.Bins], Windows = new(4, 4, 2), Tuples = new(2, 12, 1), Solve = new() { K = [1], Alpha = [.05] } },
        ],
    };

    [Fact]
    public async Task The_job_fits_and_solves_to_the_bits_of_the_bare_library_and_shares_statistics_with_jobs_of_one_map()
    {
        await using var silo = await TestSilo.StartAsync(_images.Store);
        var alone = await silo.SolveAsync(_images.Specification(SmallImages.Bins));
        var result = await silo.SolveAsync(Mixed);
        Assert.Equal(["bins", "complement", "orientations"], result.Groups.Select(group => group.Map));
        Assert.Equal((alone.StatisticsSha256, 7), (result.Groups[0].StatisticsSha256, result.Groups[0].ReusedShards));
        Assert.Equal((0, 0), (result.Groups[1].ReusedShards, result.ReusedShards));

        var reader = new SourceReader(silo.Store);
        var source = await reader.OpenAsync(_images.TrainSource, labelsRequired: true, CancellationToken.None);
        var rows = await reader.ReadAsync(source, 0, SmallImages.Train, CancellationToken.None);
        var encoder = FeatureMaps.EncoderOf(Mixed.Features, source.Shape, byGroup: true);
        GroupRows[] encoded = [.. encoder.Groups.Select(group => group.Layout.Kind == EncodingKind.Dense
            ? new GroupRows(group.EncodeDense(rows.Rows), null)
            : new GroupRows(null, group.EncodeBlocks(rows.Rows)))];
        SufficientStatistics[] statistics = [.. encoded.Select(group => group.Dense is not null
            ? DenseStatistics.Accumulate(group.Dense, rows.Labels, 3)
            : BlockStatistics.Accumulate(group.Blocks!, rows.Labels, 3))];
        MixedGroup[] groups = [.. statistics.Select((part, i) => new MixedGroup(encoder.Groups[i].Layout, part.Counts, new ClassTotals(part.ClassRows, part.ClassMass), 0))];
        var leaveOneOut = new MixedLeaveOneOut(groups, [.05, .5], 0);
        var scores = leaveOneOut.NewScores();
        leaveOneOut.AddTo(scores, encoded, rows.Labels, CancellationToken.None);
        TemperatureSearch[] searches = [.. Enumerable.Range(0, 2).Select(_ => TemperatureSearch.OfGroups(3))];
        for (var alpha = 0; alpha < 2; alpha++)
        {
            while (!searches[alpha].IsDone)
                searches[alpha].Take(scores.Sums(alpha, searches[alpha].Trial).ToNumbers());
        }
        var best = searches[0].Loss <= searches[1].Loss ? 0 : 1;
        Assert.Equal(searches[best].Trial, result.Groups.Select(group => group.K));
        Assert.Equal(searches.Select(search => search.Loss / SmallImages.Train), result.Choice.Select(point => point.CrossEntropy));
        Assert.Equal((searches[best].Trial.Sum(), result.Choice[best].Alpha), (result.K, result.Alpha));

        var model = await TrainedModel.LoadAsync(silo.Store, result.ModelPath, CancellationToken.None);
        for (var (group, first) = (0, 0); group < 3; first += encoder.Groups[group++].Layout.Inputs)
        {
            var weights = new ExplicitSolution(groups[group].Layout, groups[group].Totals, new SolveSettings(result.Groups[group].K, result.Alpha, 0)).Solve(statistics[group].Counts);
            for (var i = 0; i < statistics[group].Counts.Seen.Length; i++)
                Assert.Equal(weights.AsSpan(i * 3, 3), model.WeightsOf(first + statistics[group].Counts.Seen[i]));
        }
    }

    [Fact]
    public async Task A_model_evaluates_alone_says_what_it_is_and_explains_itself()
    {
        await using var silo = await TestSilo.StartAsync(_images.Store);
        var result = await silo.SolveAsync(Layered);
        var report = await silo.Grains.GetGrain<IModelGrain>(result.Model).EvaluateAsync([_images.TestSource]);
        Assert.Equal((result.Test!.CrossEntropy, SmallImages.Test), (report.CrossEntropy, report.Rows));
        Assert.Equal(result.Test.Confusion, report.Confusion);
        var model = await TrainedModel.LoadAsync(silo.Store, result.ModelPath, CancellationToken.None);
        Assert.Equal(result.Groups.Select(group => group.K), model.Description.GroupKs);
        Assert.Equal([12, 9, 0], model.Encoder.Layout.Maps.Select(map => map.Blocks));
        var last = model.Encoder.Layout.Maps[2];
        Assert.Equal("layer 1: (0, 2) P(1)", InputNames.Of(model, last.FirstInput + 9 + 1));
        var insight = await ModelInsight.LoadAsync(silo.Store, model, CancellationToken.None);
        Assert.Equal(1, insight.Strongest(0, int.MaxValue).Where(input => input.Input >= last.FirstInput).Sum(input => input.Share), 1e-3); // shares of a dense group are of its own norm
        Assert.Equal(9, insight.Picture(last, 1).Length);

        var row = await ModelRow.OfSourcesAsync(model, silo.Store, new SourceReader(silo.Store), [_images.TestSource], 3, CancellationToken.None);
        var explanation = await ExplanationCounts.AddAsync(silo.Store, Explanation.Of(row, null), 200, CancellationToken.None);
        Assert.Equal(row.Scores[explanation.Class] - row.Scores[explanation.Against], explanation.Difference, 1e-4);
        Assert.Equal(12 + 9 + 27, explanation.Inputs.Length);
        Assert.All(explanation.Inputs, input => Assert.Equal(input.Evidence!.Count, input.Shards.Sum(shard => shard.Count), 1e-9));
        Assert.Null(explanation.WithoutCounts);
        var zero = await silo.RunAsync(Layered with { Solve = Layered.Solve with { Alpha = [0, 1] } });
        Assert.Equal((JobStage.Choose, "leave-one-out cannot try alpha 0: a count of 1 leaves log 0"), (zero.Failure!.Stage, zero.Failure.Cause));
        Assert.Equal(result.Inputs, model.Description.Lineage.Statistics.Parts().Sum(part => part.Merged.Inputs));
    }

    [Fact]
    public async Task Shards_silos_and_a_silo_that_stops_in_the_fit_change_no_bit()
    {
        await using var first = await TestSilo.StartAsync(_images.Store, (nameof(ExplicitOptions.ComputeSlots), "2"));
        var expected = await first.SolveAsync(Layered);
        await using var second = await TestSilo.JoinAsync(first, _images.Store, (nameof(ExplicitOptions.ComputeSlots), "1"));
        var third = await TestSilo.JoinAsync(first, _images.Store, (nameof(ExplicitOptions.ComputeSlots), "1"));
        foreach (var silo in new[] { first, second, third })
            await silo.SeesAsync(3);
        var specification = Layered with { Data = Layered.Data with { ShardRows = 33 } };
        var onThree = await second.SolveAsync(specification);
        AssertSame(expected, onThree);
        Assert.Equal(3, onThree.Silos);

        await first.Job("moved").StartAsync(specification with { Solve = specification.Solve with { Alpha = [.05, .06, .5] } });
        await FitBeganAsync(first.Job("moved"));
        var ending = first.EndOfMovedAsync("moved");
        await third.DisposeAsync();
        var record = await ending;
        Assert.True(record.Status == JobStatus.Done, $"{record.Failure?.Cause}");
        Assert.Equal(expected.Choice, record.Result!.Choice.RemoveAt(1));
    }

    [Fact]
    public async Task The_plan_of_memory_counts_all_groups_and_their_left_out_scores()
    {
        await using var silo = await TestSilo.StartAsync(_images.Store, (nameof(ExplicitOptions.MaxMemoryBytes), "500000"));
        var record = await silo.RunAsync(Mixed);
        Assert.Equal((JobStatus.Failed, JobStage.Plan), (record.Status, record.Failure!.Stage));
        var plan = LayerMemory.PlanOf(Layered, RowShape.Image(8, 8), 700, 0, 3, new ExplicitOptions { ComputeSlots = 1 });
        Assert.Equal(700 * (2 * 3 + 1) * 3 * sizeof(float), Assert.Single(plan.Items, item => item.What == "left-out scores of all rows").Bytes);
        Assert.Single(plan.Items, item => item.What == "tables of the layers below");
    }

    private static async Task FitBeganAsync(ITrainingJobGrain job)
    {
        using var deadline = new CancellationTokenSource(TestSilo.Deadline);
        await foreach (var step in job.WatchAsync(deadline.Token))
        {
            if (step.Stage == JobStage.Choose)
                return;
        }
        Assert.Fail("the job ended before a K was fitted");
    }

    private static void AssertSame(JobResult expected, JobResult seen)
    {
        Assert.Equal(expected.Groups.Select(group => (group.StatisticsSha256, group.K)), seen.Groups.Select(group => (group.StatisticsSha256, group.K)));
        Assert.Equal((expected.StatisticsSha256, expected.WeightsSha256), (seen.StatisticsSha256, seen.WeightsSha256));
        Assert.Equal(expected.Test!.CrossEntropy, seen.Test!.CrossEntropy);
        Assert.Equal(expected.Choice, seen.Choice);
    }
}
