using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Client.Hosting;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Grains.Language;

namespace ExplicitCluster.Client.Tests.Language;

/// <summary>Two language models of a few lines, with lags up to 2: of <see cref="Lines"/> every line is a document, of <see cref="Blocks"/> every four words.</summary>
public sealed class SmallLanguageModels : IAsyncLifetime
{
    private const string Text = "the cat sat on the mat\nthe dog sat on the cat\na dog ran to the mat\nthe cat ran to a dog\na cat and a dog sat on the mat\n";

    private readonly ExplicitCluster.Testing.TemporaryFolder _folder = new();

    public string StorePath => _folder["store"];

    public FolderArtifactStore Store => new(StorePath);

    internal TrainedLanguageModel Lines { get; private set; } = null!;

    internal TrainedLanguageModel Blocks { get; private set; } = null!;

    public string Write(string name, byte[] content) => _folder.Write(name, content);

    public async ValueTask InitializeAsync()
    {
        await using var silo = await EmbeddedSilo.StartAsync(StorePath, verbose: false, TestContext.Current.CancellationToken);
        Lines = await TrainAsync(silo, "lines", block: 0);
        Blocks = await TrainAsync(silo, "blocks", block: 4);
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return default;
    }

    private async Task<TrainedLanguageModel> TrainAsync(EmbeddedSilo silo, string name, int block)
    {
        var job = silo.Grains.GetGrain<ITrainingJobGrain>(name);
        await job.StartAsync(new JobSpecification
        {
            Name = name,
            Data = new DataSpecification { Train = [new SourceSpecification { Format = SourceFormat.Text, Path = _folder.Write($"{name}.txt", Text) }] },
            Features = [],
            Language = new LanguageSpecification { Tokens = new TokenSpecification { Block = block }, Lags = [[1], [1, 2], [2]], Weights = LanguageWeights.Ones },
            Evaluate = EvaluateRows.None,
        });
        JobEvent? last = null;
        await foreach (var step in job.WatchAsync(TestContext.Current.CancellationToken))
            last = step;
        Assert.True(last?.Record?.Status == JobStatus.Done, last?.Record?.Failure?.Cause);
        return await TrainedLanguageModel.LoadAsync(Store, last!.Record!.Result!.ModelPath, TestContext.Current.CancellationToken);
    }
}
