using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Client.Hosting;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Grains.Models;
using ExplicitCluster.Testing;

namespace ExplicitCluster.Client.Tests.Reports;

/// <summary>A store with five small models of the same images of three classes: explicit on pixels, on patches and on both as groups, averaged, and swept.</summary>
[CollectionDefinition(nameof(SmallModels))]
public sealed class SmallModels : IAsyncLifetime, ICollectionFixture<SmallModels>
{
    private const int Side = 8;
    private const int Rows = 240;

    private static readonly FeatureMapSpecification Pixels = new() { Map = FeatureMapKind.Pixels };
    private static readonly FeatureMapSpecification Patches = new() { Map = FeatureMapKind.Patches, Width = 2, Height = 2, Levels = [60, 140], Stride = 2 };
    private static readonly FeatureMapSpecification Bins = new() { Map = FeatureMapKind.Bins, Levels = [60, 140] };

    private readonly ExplicitCluster.Testing.TemporaryFolder _folder = new();
    private readonly Dictionary<string, JobRecord> _records = [];

    /// <summary>The rounds that watchers of the swept job were told of with its last event.</summary>
    public ImmutableArray<RefinementRound> Watched { get; private set; } = [];

    public string Folder => _folder["store"];

    internal IArtifactStore Store { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Write("train", new Random(1));
        Write("test", new Random(2));
        await using var silo = await EmbeddedSilo.StartAsync(Folder, verbose: false, TestContext.Current.CancellationToken);
        await RunAsync(silo, Of("explicit-pixels", Pixels));
        await RunAsync(silo, Of("explicit-patches", Patches));
        await RunAsync(silo, Of("averaged", Pixels) with
        {
            Refine = new RefineSpecification { Method = RefineMethod.Averaging, Workers = 2, Averaging = new AveragingSpecification { Rounds = 3, Batch = 16 } },
        });
        await RunAsync(silo, Of("swept", Patches, Bins) with
        {
            Compact = 3,
            Refine = new RefineSpecification { Method = RefineMethod.Sweeps, Workers = 2, Sweeps = new SweepSpecification { Sweeps = 2, BlocksPerChunk = 10, Average = 1, Stop = false } },
        });
        await RunAsync(silo, Of("mixed", Patches, Pixels) with { Solve = new SolveSpecification { K = [1], Alpha = [.1], ByGroup = true } });
        Store = CommandsStore(Folder);
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    public JobResult ResultOf(string name) => _records[name].Result!;

    public Task<ModelDescription> DescriptionOf(string name) => ModelFolder.ReadAsync(Store, ResultOf(name).ModelPath, TestContext.Current.CancellationToken);

    public Task<TrainedModel> ModelOf(string name) => TrainedModel.LoadAsync(Store, ResultOf(name).ModelPath, TestContext.Current.CancellationToken);

    public static IArtifactStore CommandsStore(string folder) => Client.Commands.CommandContext.Open(folder);

    private async Task RunAsync(EmbeddedSilo silo, JobSpecification specification)
    {
        var job = silo.Grains.GetGrain<ITrainingJobGrain>(specification.Name);
        await job.StartAsync(specification);
        await foreach (var step in job.WatchAsync(TestContext.Current.CancellationToken))
        {
            if (step.Record is not { Status: not JobStatus.Running } record)
                continue;
            Assert.True(record.Status == JobStatus.Done, $"{record.Failure}");
            _records[specification.Name] = record;
            if (specification.Refine.Method == RefineMethod.Sweeps)
                Watched = step.Rounds;
        }
    }

    private JobSpecification Of(string name, params ImmutableArray<FeatureMapSpecification> features) => new()
    {
        Name = name,
        Data = new DataSpecification { Train = [SourceOf("train")], Test = [SourceOf("test")], ShardRows = 100 },
        Features = features,
        Solve = new SolveSpecification { K = [4], Alpha = [.1] },
    };

    private SourceSpecification SourceOf(string part) => new() { Format = SourceFormat.Idx, Images = _folder[$"{part}-images"], Labels = _folder[$"{part}-labels"] };

    private void Write(string part, Random random)
    {
        var labels = new byte[Rows];
        var pixels = new byte[Rows * Side * Side];
        for (var m = 0; m < Rows; m++)
        {
            labels[m] = (byte)random.Next(3);
            for (var i = 0; i < Side * Side; i++)
                pixels[m * Side * Side + i] = (byte)Math.Clamp((i / Side / 3 == labels[m] ? 140 : 70) + random.Next(-69, 110), 1, 255);
        }
        _folder.Write($"{part}-images", IdxFile.Images(Rows, Side, Side, pixels));
        _folder.Write($"{part}-labels", IdxFile.Labels(labels));
    }
}
