using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Client.Hosting;
using ExplicitCluster.Client.Tests.Rendering;
using ExplicitCluster.Client.Verification;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Grains.Models;

namespace ExplicitCluster.Client.Tests.Verification;

/// <summary>Models of sparse rows and of a frozen vocabulary, computed again.</summary>
public sealed class TextVerificationTests : IDisposable
{
    private readonly ExplicitCluster.Testing.TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Sparse_rows_and_a_frozen_vocabulary_are_verified_from_the_sources_alone()
    {
        var rows = _folder.Write("rows.svm", "a 1:2 7:1\nb 2:1 9:3\na 1:1\nb 9:1\n");
        var store = _folder["store"];
        var specification = new JobSpecification
        {
            Name = "sparse",
            Data = new DataSpecification { Train = [new SourceSpecification { Format = SourceFormat.Libsvm, Path = rows }] },
            Features = [],
            Text = new TextSpecification { Groups = [new FeatureGroupSpecification { Map = FeatureGroupKind.Sparse }] },
            Solve = new SolveSpecification { K = [2], Alpha = [0.1], Beta = 0.5 },
        };
        var models = new List<ModelDescription>();
        await using (var silo = await EmbeddedSilo.StartAsync(store, verbose: false, TestContext.Current.CancellationToken))
        {
            models.Add(await TrainAsync(silo, store, specification));
            var frozen = specification.Text with { FrozenVocabulary = models[0].VocabularySha256 };
            models.Add(await TrainAsync(silo, store, specification with { Name = "frozen", Text = frozen }));
        }
        foreach (var model in models)
        {
            var facts = await new ModelVerification(new FolderArtifactStore(store), model).RunAsync(new RecordedConsole().Console, verbose: false, TestContext.Current.CancellationToken);
            Assert.All(facts, fact => Assert.True(fact.Matches, $"{fact.What}: {fact.Expected}, {fact.Seen}"));
        }
    }

    private static async Task<ModelDescription> TrainAsync(EmbeddedSilo silo, string store, JobSpecification specification)
    {
        var job = silo.Grains.GetGrain<ITrainingJobGrain>(specification.Name);
        await job.StartAsync(specification);
        JobEvent? last = null;
        await foreach (var step in job.WatchAsync(TestContext.Current.CancellationToken))
            last = step;
        Assert.True(last?.Record?.Status == JobStatus.Done, last?.Record?.Failure?.Cause);
        return await ModelFolder.ReadAsync(new FolderArtifactStore(store), last!.Record!.Result!.ModelPath, TestContext.Current.CancellationToken);
    }
}
