using System.Text;
using System.Text.Json;
using ExplicitCluster.Numerics.Language;

namespace ExplicitCluster.Client.Tests.Language;

/// <summary><c>models generate</c> at the edges of its settings.</summary>
[Collection(nameof(ConsoleCommand))]
public sealed class GenerateTests(SmallLanguageModels models) : IClassFixture<SmallLanguageModels>
{
    private static readonly string[] Known = ["a", "and", "cat", "dog", "mat", "on", "ran", "sat", "the", "to"];

    [Fact]
    public async Task Without_a_prompt_text_begins_as_documents_do()
    {
        var words = await ContinueAsync("", "--temperature", "0");
        Assert.Equal(12, words.Length);
        var logs = new double[models.Lines.Model.Packing.Vocabulary];
        new LanguageScorer(models.Lines.Model).LogProbabilities([], 0, logs);
        Assert.Equal(Encoding.UTF8.GetString(models.Lines.Words.Token(Enumerable.Range(1, logs.Length - 1).MaxBy(word => logs[word]))), words[0]);
        Assert.All(words, word => Assert.Contains(word, Known));
        Assert.Empty(await ContinueAsync("", "--tokens", "0"));
    }

    [Fact]
    public async Task Of_a_long_prompt_the_tokens_within_the_lags_have_a_say()
    {
        var words = await ContinueAsync("ran to a mat and the dog sat");
        Assert.Equal(words, await ContinueAsync("dog sat"));
        Assert.NotEqual(words, await ContinueAsync("a cat"));
    }

    [Fact]
    public async Task Unknown_words_of_a_prompt_are_written_as_they_are_and_never_drawn()
    {
        var words = await ContinueAsync("the zebra");
        Assert.All(words, word => Assert.Contains(word, Known));
        Assert.Equal(words, await ContinueAsync("the yak"));
    }

    [Fact]
    public async Task Top_k_beyond_the_vocabulary_is_all_of_it()
    {
        var words = await ContinueAsync("the", "--seed", "3");
        Assert.Equal(words, await ContinueAsync("the", "--seed", "3", "--top-k", "10"));
        Assert.Equal(words, await ContinueAsync("the", "--seed", "3", "--top-k", "1000000"));
    }

    [Fact]
    public async Task Temperature_0_takes_the_most_probable_token_whatever_the_seed()
    {
        var words = await ContinueAsync("the", "--temperature", "0", "--seed", "1");
        Assert.Equal(words, await ContinueAsync("the", "--temperature", "0", "--seed", "2"));
        Assert.Equal(words, await ContinueAsync("the", "--temperature", "-0", "--seed", "3"));
        Assert.Equal(words, await ContinueAsync("the", "--top-k", "1", "--seed", "4"));
    }

    [Theory]
    [InlineData("--temperature", "-0.5", "--temperature is -0.5", "give a number of at least 0, for example 0.8")]
    [InlineData("--temperature", "NaN", "--temperature is NaN", "give a number of at least 0, for example 0.8")]
    [InlineData("--top-k", "0", "--top-k is 0", "give a number of at least 1")]
    [InlineData("--top-k", "-3", "--top-k is -3", "give a number of at least 1")]
    [InlineData("--top-p", "0", "--top-p is 0", "give a number above 0 and at most 1")]
    [InlineData("--top-p", "1.5", "--top-p is 1.5", "give a number above 0 and at most 1")]
    [InlineData("--tokens", "-1", "--tokens is -1", "give a number of at least 0")]
    public async Task Settings_that_mean_nothing_are_told_in_a_line_and_a_remedy(string option, string value, string cause, string remedy)
    {
        var (code, output, error) = await ConsoleCommand.RunAsync("models", "generate", "lines", "--store", models.StorePath, option, value);
        Assert.Equal((ExitCode.WrongUsage, "", $"{cause}\n  {remedy}\n"), (code, output, error));
    }

    /// <summary>The words drawn after a prompt, which the text must begin with.</summary>
    private async Task<string[]> ContinueAsync(string prompt, params string[] settings)
    {
        var (code, output, error) = await ConsoleCommand.RunAsync(
            ["models", "generate", "lines", "--store", models.StorePath, "--json", "--prompt", prompt, .. settings.Contains("--tokens") ? [] : new[] { "--tokens", "12" }, .. settings]);
        Assert.Equal((ExitCode.Done, ""), (code, error));
        var text = JsonDocument.Parse(output).RootElement.GetProperty("text").GetString()!;
        Assert.StartsWith(prompt, text, StringComparison.Ordinal);
        return text[prompt.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }
}
