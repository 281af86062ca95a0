using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Grains.Language;
using ExplicitCluster.Grains.Models;
using ExplicitCluster.Grains.Tests.Language;

namespace ExplicitCluster.Grains.Tests;

/// <summary>Classifiers whose features do not depend on the training rows: hashed ones, and those of an earlier model's vocabulary.</summary>
public sealed class FrozenAndHashedTests : IDisposable
{
    private static readonly SolveSpecification Given = new() { K = [3], Alpha = [0.01], Beta = 0.5 };
    private static readonly TextSpecification Hashed = new()
    {
        Groups =
        [
            new FeatureGroupSpecification { Map = FeatureGroupKind.Words, HashBits = 10 },
            new FeatureGroupSpecification { Map = FeatureGroupKind.Chars, Least = 3, Most = 4, Counts = FeatureCounts.Log, HashBits = 12 },
        ],
    };

    private readonly SmallTexts _texts = new();

    public FrozenAndHashedTests() => File.WriteAllLines(
        Path.Combine(Path.GetDirectoryName(_texts.Store)!, "more.tsv"), ["label\ttext", "sound\tplays a library of sound", "sound\tsound server and tool", "games\tcard game"]);

    public void Dispose() => _texts.Dispose();

    [Fact]
    public async Task A_source_with_a_new_label_leaves_all_hashed_statistics_as_they_are_and_gives_the_bits_of_a_training_from_the_start()
    {
        await using var silo = await TestSilo.StartAsync(_texts.Store);
        var specification = _texts.Specification(Hashed, 50) with { Solve = Given };
        var before = await silo.SolveAsync(specification);
        Assert.Equal((3, (1 << 10) + (1 << 12), 6), (before.Outputs, before.Inputs, before.Shards));
        Assert.InRange(before.Test!.Accuracy, 0.5, 1);
        var grown = specification with { Data = specification.Data with { Train = [_texts.Source("train.tsv"), _texts.Source("more.tsv")] } };
        var after = await silo.SolveAsync(grown);
        Assert.Equal((4, 7, 6), (after.Outputs, after.Shards, after.ReusedShards));

        await using var afresh = await TestSilo.StartAsync($"{_texts.Store}-2");
        var expected = await afresh.SolveAsync(grown);
        Assert.Equal((expected.StatisticsSha256, expected.WeightsSha256, 0), (after.StatisticsSha256, after.WeightsSha256, expected.ReusedShards));
        Assert.DoesNotContain(
            await silo.Store.ListAsync("vocabularies/", TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken),
            name => !name.Contains("/merged-", StringComparison.Ordinal));
        var model = await TrainedModel.LoadAsync(silo.Store, after.ModelPath, TestContext.Current.CancellationToken);
        Assert.Equal(("words bucket 7", "chars bucket 0"), (InputNames.Of(model, 7), InputNames.Of(model, 1 << 10)));
        Assert.Null(model.Vocabulary!.RowsOf(7));
    }

    [Fact]
    public async Task A_frozen_vocabulary_stays_that_of_the_model_that_it_is_from_and_statistics_are_reused()
    {
        await using var silo = await TestSilo.StartAsync(_texts.Store);
        var specification = _texts.Specification(SmallTexts.WordsAlone, 50) with { Solve = Given };
        var first = await silo.SolveAsync(specification);
        var vocabulary = (await ModelFolder.ReadAsync(silo.Store, first.ModelPath, TestContext.Current.CancellationToken)).VocabularySha256!;

        // Of the same rows the same model; of more rows the inputs of the first, and only the new rows are counted.
        var frozen = specification with { Text = SmallTexts.WordsAlone with { FrozenVocabulary = vocabulary[..8] } };
        var same = await silo.SolveAsync(frozen);
        Assert.Equal((first.WeightsSha256, first.StatisticsSha256, 6), (same.WeightsSha256, same.StatisticsSha256, same.ReusedShards));
        var grown = await silo.SolveAsync(frozen with { Data = frozen.Data with { Train = [_texts.Source("train.tsv"), _texts.Source("more.tsv")] } });
        Assert.Equal((first.Inputs, 4, 6), (grown.Inputs, grown.Outputs, grown.ReusedShards));
        Assert.Equal(vocabulary, (await ModelFolder.ReadAsync(silo.Store, grown.ModelPath, TestContext.Current.CancellationToken)).Lineage.FrozenVocabulary);

        await FailsAsync(silo, frozen with { Text = frozen.Text! with { FrozenVocabulary = "00000000" } }, "no model in the store has the vocabulary '00000000'");
        await FailsAsync(silo, frozen with { Text = frozen.Text! with { Tokens = new TokenSpecification { Kind = TokenKind.Characters } } }, $"the vocabulary '{vocabulary[..8]}' is that of texts/");
    }

    [Fact]
    public async Task Tokens_of_a_classifier_are_those_of_its_specification()
    {
        await using var silo = await TestSilo.StartAsync(_texts.Store);
        var names = new Dictionary<TokenKind, string[]>();
        var pairs = Path.Combine(Path.GetDirectoryName(_texts.Store)!, "pieces.tiktoken");
        BytePairFile.Write(pairs, "ga", "gam");
        foreach (var kind in new[] { TokenKind.Pattern, TokenKind.Characters, TokenKind.Bytes, TokenKind.BytePairs })
        {
            var tokens = kind == TokenKind.BytePairs
                ? Tokenizers.OfBytePairs(pairs)
                : new TokenSpecification { Kind = kind, Pattern = kind == TokenKind.Pattern ? "[a-z]{4}" : null };
            var result = await silo.SolveAsync(_texts.Specification(SmallTexts.WordsAlone with { Tokens = tokens }, 1000) with { Solve = Given });
            Assert.InRange(result.Test!.Accuracy, 0.4, 1);
            var model = await TrainedModel.LoadAsync(silo.Store, result.ModelPath, TestContext.Current.CancellationToken);
            names[kind] = [.. Enumerable.Range(0, model.Vocabulary!.Layout.Inputs).Select(input => InputNames.Of(model, input))];
        }
        Assert.Contains("words 'libr'", names[TokenKind.Pattern]);
        Assert.Contains("words 'ï'", names[TokenKind.Characters]);
        Assert.Contains("words '\\xC3'", names[TokenKind.Bytes]);
        Assert.Contains("words 'gam'", names[TokenKind.BytePairs]);
    }

    private static async Task FailsAsync(TestSilo silo, JobSpecification specification, string cause)
    {
        var record = await silo.RunAsync(specification);
        Assert.Equal(JobStatus.Failed, record.Status);
        Assert.StartsWith(cause, record.Failure!.Cause, StringComparison.Ordinal);
    }
}
