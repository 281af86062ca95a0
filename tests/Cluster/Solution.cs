using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Grains.Hosting;
using ExplicitCluster.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ExplicitCluster.Cluster.Tests;

/// <summary>The job that the cluster tests run, on Fashion-MNIST, and what one embedded silo over a folder makes of it.</summary>
internal sealed class Solution
{
    private readonly Lazy<Task<JobResult>> _ofOneSilo;

    private Solution(params ImmutableArray<double> levels)
    {
        Specification = Patches(levels);
        _ofOneSilo = new(() => OfOneSiloAsync(Specification));
    }

    /// <summary>3.3 million inputs: every stage lasts long enough to be disturbed, and statistics go through the store in many pieces.</summary>
    public static Solution Large { get; } = new(32, 128);

    /// <summary>The same rows and windows in 87 thousand inputs, where it does not matter how large statistics are.</summary>
    public static Solution Small { get; } = new(128);

    public JobSpecification Specification { get; }

    /// <summary>The result of one silo in this process; computed once.</summary>
    public Task<JobResult> ExpectedAsync() => _ofOneSilo.Value;

    /// <summary>The same job cut into other shards: nothing that an earlier job counted is of use to it, and its model is the same.</summary>
    public JobSpecification CutInto(int shardRows) => Specification with { Data = Specification.Data with { ShardRows = shardRows } };

    /// <summary>The same job on a copy of the training files in another folder.</summary>
    public JobSpecification OfCopies(string folder, int shardRows)
    {
        Directory.CreateDirectory(folder);
        var source = Specification.Data.Train[0] with { Images = Path.Combine(folder, "images.gz"), Labels = Path.Combine(folder, "labels.gz") };
        File.Copy(FashionMnist.TrainImages, source.Images, overwrite: true);
        File.Copy(FashionMnist.TrainLabels, source.Labels, overwrite: true);
        return Specification with { Data = Specification.Data with { Train = [source], ShardRows = shardRows } };
    }

    public async Task AssertIsTheSameAsync(JobResult result)
    {
        var expected = await ExpectedAsync();
        Assert.Equal(expected.WeightsSha256, result.WeightsSha256);
        Assert.Equal(expected.StatisticsSha256, result.StatisticsSha256);
        Assert.Equal(expected.K, result.K);
        Assert.Equal(expected.Train!.CrossEntropy, result.Train!.CrossEntropy);
        Assert.Equal(expected.Test!.Confusion, result.Test!.Confusion);
    }

    private static JobSpecification Patches(ImmutableArray<double> levels) => new()
    {
        Name = "fashion",
        Data = new DataSpecification
        {
            Train = [new SourceSpecification { Format = SourceFormat.Idx, Images = FashionMnist.TrainImages, Labels = FashionMnist.TrainLabels }],
            Test = [new SourceSpecification { Format = SourceFormat.Idx, Images = FashionMnist.TestImages, Labels = FashionMnist.TestLabels }],
        },
        Features = [new FeatureMapSpecification { Map = FeatureMapKind.Patches, Width = 3, Height = 3, Levels = levels, Stride = 2 }],
        Solve = new SolveSpecification { Alpha = [.01] },
    };

    private static async Task<JobResult> OfOneSiloAsync(JobSpecification specification) => (await OfOneSiloAsync([specification]))[0];

    /// <summary>What one silo in this process, over a folder of its own, makes of jobs.</summary>
    public static async Task<IReadOnlyList<JobResult>> OfOneSiloAsync(IReadOnlyList<JobSpecification> specifications)
    {
        using var folder = new TemporaryFolder();
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.Configuration.AddInMemoryCollection([new($"{ExplicitOptions.Section}:{nameof(ExplicitOptions.Store)}", folder["store"])]);
        builder.UseOrleans(silo => silo.UseLocalhostClustering(FreePort.Next(), FreePort.Next()).AddExplicitCluster(builder.Configuration));
        using var host = builder.Build();
        await host.StartAsync();
        var results = new List<JobResult>();
        foreach (var specification in specifications)
        {
            var job = host.Services.GetRequiredService<IGrainFactory>().GetGrain<ITrainingJobGrain>($"alone-{results.Count}");
            await job.StartAsync(specification);
            JobRecord? record = null;
            await foreach (var step in job.WatchAsync())
                record = step.Record;
            results.Add(record?.Result ?? throw new InvalidOperationException(record?.Failure?.Cause ?? "the job ended without a record"));
        }
        await host.StopAsync();
        return results;
    }
}
