using System.IO.Pipelines;
using System.Text;
using ExplicitCluster.Abstractions.Errors;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Client.Commands;
using ExplicitCluster.Data.Sources;
using ExplicitCluster.Grains.Language;
using ExplicitCluster.Testing;

namespace ExplicitCluster.Client.Tests.Language;

/// <summary>Texts and prompts on standard input, for language models.</summary>
public sealed class StandardInputTests(SmallLanguageModels models) : IClassFixture<SmallLanguageModels>
{
    private const string Header = "document\ttoken\tlogProbability";

    /// <summary>A mark, CR LF, an empty line, words unknown, bytes that are no UTF-8, no line end at the end.</summary>
    private static readonly byte[] Mixed = [0xef, 0xbb, 0xbf, .. "The cat\r\n\nunheard dog, on\n"u8, 0xff, 0xc3, .. "mat sat\nthe end of the mat"u8];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Standard_input_gives_what_the_file_gives_also_compressed(bool inBlocks, bool asJson)
    {
        var model = inBlocks ? models.Blocks : models.Lines;
        var source = new SourceSpecification { Format = SourceFormat.Text, Path = models.Write("mixed.txt", Mixed) };
        using var expected = new MemoryStream();
        var texts = LanguageTexts.ReadAsync(models.Store, new SourceReader(models.Store), model, [source], Cancellation);
        await LanguagePredictions.WriteAsync(model, texts, expected, asJson, Cancellation);
        var written = Encoding.UTF8.GetString(expected.ToArray());
        Assert.Contains(asJson ? """{"token":"unheard","known":false""" : "\tunheard\t", written, StringComparison.Ordinal);
        foreach (var input in new[] { Mixed, Gzip.Of(Mixed), Zstd.Of(Mixed) })
            Assert.Equal(written, (await PredictAsync(model, new MemoryStream(input), asJson)).Output);
    }

    [Fact]
    public async Task A_document_is_written_before_the_next_is_there_and_waiting_for_one_can_be_cancelled()
    {
        var (person, screen) = (new Pipe(), new Pipe());
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        using var input = StandardInput.Of(person.Reader.AsStream(), DocumentCut.Line);
        using var seen = new StreamReader(screen.Reader.AsStream());
        var texts = LanguageTexts.ReadAsync(models.Store, models.Lines, input, stop.Token);
        var predicting = LanguagePredictions.WriteAsync(models.Lines, texts, screen.Writer.AsStream(), asJson: false, stop.Token);
        await person.Writer.WriteAsync("a\n"u8.ToArray(), Cancellation);
        Assert.Equal(Header, await seen.ReadLineAsync(Cancellation));
        Assert.StartsWith("0\ta\t-", await seen.ReadLineAsync(Cancellation), StringComparison.Ordinal);
        await person.Writer.WriteAsync("dog\n"u8.ToArray(), Cancellation);
        Assert.StartsWith("1\tdog\t-", await seen.ReadLineAsync(Cancellation), StringComparison.Ordinal);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => predicting);
        await person.Writer.CompleteAsync();
    }

    [Fact]
    public async Task What_is_no_text_is_told_in_one_line_after_what_came_before_it()
    {
        byte[] endless = [.. "a\n"u8, .. new byte[(16 << 20) + 1]];
        await FailsAsync([], "standard input: no document; expected at least one.", lines: 0);
        await FailsAsync([0xff, 0xfe, (byte)'a', 0], "standard input: byte 0: the mark of UTF-16; expected text in UTF-8.", lines: 0);
        await FailsAsync(endless, "standard input line 2: longer than 16777216 bytes; expected a shorter line.", lines: 2);
        await FailsAsync(Gzip.Of(Mixed)[..^3], "of the gzip file: the gzip checksum or length is wrong or cut off", lines: 8);

        async Task FailsAsync(byte[] input, string expected, int lines)
        {
            var (output, failure) = await PredictAsync(models.Lines, new MemoryStream(input), asJson: false);
            var error = Assert.IsType<SourceException>(failure);
            Assert.Contains(expected, error.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', error.Message + error.Remedy);
            Assert.Equal(lines, output.Count(c => c == '\n'));
        }
    }

    [Fact]
    public async Task A_text_shorter_than_a_block_is_told()
    {
        var (output, failure) = await PredictAsync(models.Blocks, new MemoryStream("the cat\nsat"u8.ToArray()), asJson: true);
        Assert.Equal("", output);
        Assert.StartsWith("the text has no whole block of 4 tokens, which are the documents of blocks/", Assert.IsType<JobException>(failure).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("\n", "")]
    [InlineData("the cat\n", "the cat")]
    [InlineData("\ufeffthe cat\r\nsat\r\n\r\n", "the cat\nsat\n")]
    public async Task A_prompt_is_all_of_standard_input_but_the_line_end_at_its_end(string input, string expected)
    {
        using var text = StandardInput.Of(new MemoryStream(Encoding.UTF8.GetBytes(input)), DocumentCut.File);
        Assert.Equal(expected, await ModelGenerateCommand.PromptAsync(text, Cancellation));
    }

    private async Task<(string Output, Exception? Failure)> PredictAsync(TrainedLanguageModel model, Stream stream, bool asJson)
    {
        using var input = StandardInput.Of(stream, DocumentCut.Line);
        using var output = new MemoryStream();
        var failure = await Record.ExceptionAsync(() => LanguagePredictions.WriteAsync(model, LanguageTexts.ReadAsync(models.Store, model, input, Cancellation), output, asJson, Cancellation));
        return (Encoding.UTF8.GetString(output.ToArray()), failure);
    }
}
