using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Testing;

namespace ExplicitCluster.Cluster.Tests;

/// <summary>The job of the tests of faults: short, yet with all stages, and rows that take several blocks in a blob.</summary>
internal static class SmallJob
{
    /// <summary>On 10,000 images, copied so that the store does not know them yet. Whatever the shards, the model is the same.</summary>
    public static JobSpecification OfCopies(string folder, int shardRows)
    {
        Directory.CreateDirectory(folder);
        var source = new SourceSpecification { Format = SourceFormat.Idx, Images = Path.Combine(folder, "images.gz"), Labels = Path.Combine(folder, "labels.gz") };
        File.Copy(FashionMnist.TestImages, source.Images!);
        File.Copy(FashionMnist.TestLabels, source.Labels!);
        return new JobSpecification
        {
            Name = "small",
            Data = new DataSpecification { Train = [source], ShardRows = shardRows },
            Features = [new FeatureMapSpecification { Map = FeatureMapKind.Bins, Levels = [64, 128] }],
            Solve = new SolveSpecification { K = [6, 12], Alpha = [.01] },
        };
    }

    public static void AssertIsTheSame(JobResult expected, JobResult result)
    {
        Assert.Equal(expected.WeightsSha256, result.WeightsSha256);
        Assert.Equal(expected.StatisticsSha256, result.StatisticsSha256);
        Assert.Equal(expected.K, result.K);
        Assert.Equal(expected.Train!.Confusion, result.Train!.Confusion);
    }
}
