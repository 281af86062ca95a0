using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Data.Sources;
using ExplicitCluster.Data.Tokens;
using ExplicitCluster.Grains.Language;
using ExplicitCluster.Numerics.Tokens;

namespace ExplicitCluster.Grains.Tests.Language;

public sealed class BytePairJobTests : IDisposable
{
    private readonly VerseFiles _verses = new();

    public void Dispose() => _verses.Dispose();

    [Fact]
    public async Task A_model_of_byte_pairs_names_its_vocabulary_and_needs_the_file_no_more()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var (text, path) = (_verses.Write("verses.txt", verses: 600), _verses.PathOf("pieces.tiktoken"));
        BytePairFile.Write(path);
        var tokens = Tokenizers.OfBytePairs(path);
        Assert.Equal(256 + 15 + 1, tokens.Vocabulary);
        var specification = VerseFiles.Split(text, new LanguageSpecification { Tokens = tokens, Lags = VerseFiles.Lags("1 1,2"), Weights = LanguageWeights.Ones });
        await using var silo = await TestSilo.StartAsync(_verses.Store);
        var result = await silo.SolveAsync(specification);

        File.Delete(path);
        Assert.Equal(result.WeightsSha256, (await silo.SolveAsync(specification)).WeightsSha256);
        var model = await TrainedLanguageModel.LoadAsync(silo.Store, result.ModelPath, cancellation);
        Assert.Equal(tokens.EncodingSha256, model.Description.Language!.Tokens.EncodingSha256);
        Assert.NotEqual(TokenVocabulary.Unknown, model.Words.IdOf(" God"u8));
        var documents = await LanguageTexts.ReadAsync(silo.Store, new SourceReader(silo.Store), model, specification.Data.Test, cancellation).ToListAsync(cancellation);
        Assert.Equal(File.ReadAllLines(text).Where((_, i) => i % 10 == 9), documents.Select(document => string.Concat(document.Tokens)));
        Probabilities.SumToOne(model.Model, [.. documents.Take(5).Select(document => document.Ids)]);

        // Another vocabulary: other statistics, and none of a file that is gone.
        BytePairFile.Write(path, "un", "unto");
        var other = specification with { Language = specification.Language! with { Tokens = Tokenizers.OfBytePairs(path) } };
        Assert.NotEqual(result.StatisticsSha256, (await silo.SolveAsync(other)).StatisticsSha256);
        await silo.Store.DeleteAsync(BytePairStore.NameOf(tokens.EncodingSha256!), cancellation);
        var gone = await silo.RunAsync(specification);
        Assert.Equal(
            (JobStatus.Failed, $"the vocabulary {path} has SHA-256 {other.Language!.Tokens.EncodingSha256}; expected {tokens.EncodingSha256}, as when the specification was read"),
            (gone.Status, gone.Failure!.Cause));
    }
}
