using ExplicitCluster.Abstractions.Errors;
using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Client.Commands;
using SkiaSharp;

namespace ExplicitCluster.Client.Tests.Reports;

/// <summary>Reports of small models: what they say is what model.json and the job's record say, in files that need nothing else.</summary>
[Collection(nameof(SmallModels))]
public sealed class ModelReportTests(SmallModels models) : IDisposable
{
    private readonly ExplicitCluster.Testing.TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("explicit-pixels")]
    [InlineData("averaged")]
    [InlineData("swept")]
    public async Task Every_figure_is_the_models(string name)
    {
        var (page, _) = await WriteAsync(name);
        var (model, result) = (await models.DescriptionOf(name), models.ResultOf(name));

        Assert.Equal([RowOf("training rows", result.Train!), RowOf("test rows", result.Test!)], page.TableOf("evaluated on")[1..]);
        var confusion = page.TableOf("");
        Assert.Equal(["", .. model.Labels, "found"], confusion[0]);
        Assert.Equal(result.Test!.Confusion.Select(count => count == 0 ? "" : $"{count}"), confusion[1..].SelectMany(row => row[1..^1]));
        var bins = result.Test.Calibration.Count(bin => bin.Rows > 0);
        Assert.Equal(bins, page.Hints.Count(hint => hint.StartsWith("test rows: ", StringComparison.Ordinal) && hint.Contains("confidence", StringComparison.Ordinal)));

        Assert.Equal(model.WeightsSha256, page.FactOf("weights SHA-256"));
        Assert.Equal(model.WeightsFileSha256, page.FactOf("weights file SHA-256"));
        Assert.Equal(model.StatisticsSha256, page.FactOf("statistics SHA-256"));
        Assert.Equal(model.Lineage.Job, page.FactOf("job"));
        Assert.Equal("100", page.FactOf("data.shardRows"));
        Assert.Equal(name, page.FactOf("name"));
        Assert.Equal(models.ResultOf(name).Refinement.IsEmpty ? "none" : name == "swept" ? "sweeps" : "averaging", page.FactOf("refine.method"));
        Assert.Equal(model.Lineage.Shards.Select(shard => shard.Hash), page.TableOf("shard")[1..].Select(row => row[^1]));
        Assert.Equal(model.Lineage.Sources.Select(source => source.Id), page.TableOf("source")[1..].Select(row => row[^1]));

        static string[] RowOf(string rows, EvaluationReport report) =>
            [rows, $"{report.Rows:N0}", $"{report.Accuracy:0.0000}", $"{report.CrossEntropy:0.0000}", $"{report.CalibrationError:0.0000}"];
    }

    [Fact]
    public async Task Rounds_of_an_averaging_are_in_the_table_and_in_the_plots()
    {
        var (page, _) = await WriteAsync("averaged");
        var refinement = (await models.DescriptionOf("averaged")).Lineage.Refinement!;
        Assert.Equal(3, refinement.Rounds.Length);
        Assert.Equal(
            [
                ["start", $"{refinement.Start!.TrainCrossEntropy:0.0000}", $"{refinement.Start.TestCrossEntropy:0.0000}", $"{refinement.Start.TestAccuracy:0.0000}", ""],
                .. refinement.Rounds.Select(round => (string[])
                    [$"{round.Round}", $"{round.TrainCrossEntropy:0.0000}", $"{round.TestCrossEntropy:0.0000}", $"{round.TestAccuracy:0.0000}", $"{round.Seconds:0.00} s"]),
            ],
            page.TableOf("round")[1..]);
        Assert.Contains($"training rows: {refinement.Start!.TrainCrossEntropy:0.######} at round 0", page.Hints);
        foreach (var round in refinement.Rounds)
        {
            Assert.Contains($"training rows: {round.TrainCrossEntropy:0.######} at round {round.Round}", page.Hints);
            Assert.Contains($"test rows: {round.TestAccuracy:0.######} at round {round.Round}", page.Hints);
            Assert.Contains($"seconds a round: {round.Seconds:0.######} at round {round.Round}", page.Hints);
        }
    }

    [Fact]
    public async Task Sweeps_are_shown_chunk_by_chunk_and_watchers_are_told_of_each_sweep()
    {
        var (page, _) = await WriteAsync("swept");
        var (refinement, result) = ((await models.DescriptionOf("swept")).Lineage.Refinement!, models.ResultOf("swept"));
        Assert.Equal(2, refinement.Rounds.Length);
        Assert.Equal(refinement.Rounds, models.Watched);
        Assert.Equal(2, refinement.Losses[^1].Sweeps);
        Assert.True(refinement.Losses.Length > 2 && refinement.Losses[^1].CrossEntropy < refinement.Losses[0].CrossEntropy, string.Join('\n', refinement.Losses));
        foreach (var loss in refinement.Losses)
            Assert.Contains($"training rows, own share left out: {loss.CrossEntropy:0.######} at sweep {loss.Sweeps:0.####}", page.Hints);
        Assert.Equal($"{result.Test!.Accuracy:0.0000}", page.TableOf("sweep")[^1][3]);
        Assert.Equal(result.Refinement.Select(round => $"{round.Step:0.0000}"), page.TableOf("sweep")[1..].Select(row => row[4]));
    }

    [Theory]
    [InlineData("explicit-patches", 1, 1)]
    [InlineData("averaged", 1, 2)]
    [InlineData("swept", 2, 2)]
    public async Task A_page_is_one_file_with_its_pictures(string name, int maps, int sides)
    {
        var (page, _) = await WriteAsync(name);
        Assert.All(page.Targets, target => Assert.True(target.StartsWith('#') || target.StartsWith("data:image/png;base64,", StringComparison.Ordinal), target));
        foreach (var outside in (string[])["http:", "https:", "//cdn", "url(", "@import", "<script", "<link", "<iframe", "<object"])
            Assert.DoesNotContain(outside, page.Html, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(3 * maps, page.Pictures.Count);
        foreach (var picture in page.Pictures)
        {
            using var bitmap = SKBitmap.Decode(picture);
            var side = bitmap.Height;
            Assert.Equal(sides == 1 ? side : 2 * side + 2, bitmap.Width);
            Assert.Contains(bitmap.Pixels, pixel => pixel.Alpha > 100);
        }
    }

    [Theory]
    [InlineData("averaged", 2, 2)] // loss, accuracy, seconds, calibration
    [InlineData("swept", 3, 1)] // loss, seconds, calibration
    public async Task A_refined_model_has_a_png_of_its_course(string name, int across, int down)
    {
        var (_, png) = await WriteAsync(name);
        var bytes = File.ReadAllBytes(png!);
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A], bytes[..8]);
        using var picture = SKBitmap.Decode(bytes);
        Assert.Equal((2 * 560 * across, 2 * (34 + 330 * down)), (picture.Width, picture.Height));
        Assert.True(picture.Pixels.Distinct().Take(20).Count() == 20, "the picture is nearly empty");
    }

    [Fact]
    public async Task A_model_without_refinement_has_a_page_and_no_png()
    {
        var (page, png) = await WriteAsync("explicit-patches");
        Assert.Null(png);
        Assert.Single(Directory.GetFiles(_folder.Path));
        Assert.Contains("None: the weights are the explicit solution", page.Html, StringComparison.Ordinal);
        Assert.DoesNotContain(page.Tables, table => table[0][0] is "round" or "sweep");
    }

    [Fact]
    public async Task Without_record_and_statistics_a_report_says_what_is_gone_and_tells_the_rest()
    {
        using var copy = new ExplicitCluster.Testing.TemporaryFolder();
        foreach (var file in Directory.GetFiles(Path.Combine(models.Folder, "models"), "*", SearchOption.AllDirectories))
            copy.Write(Path.GetRelativePath(models.Folder, file), File.ReadAllBytes(file));
        var (_, html, png) = await ModelReportCommand.WriteAsync(SmallModels.CommandsStore(copy.Path), "averaged", _folder.Path, CancellationToken.None);
        var page = new ReportPageText(File.ReadAllText(html));
        Assert.NotNull(png);
        Assert.Contains("The record of the job is no longer in the store", page.Html, StringComparison.Ordinal);
        Assert.Contains("The statistics that the model was solved from are no longer in the store", page.Html, StringComparison.Ordinal);
        Assert.Equal(1 + 1 + 3, page.TableOf("round").Length);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_to_is_refused_in_a_line_and_nothing_is_left()
    {
        _folder.Write("file", "kept"u8.ToArray());
        var refused = await Assert.ThrowsAsync<JobException>(() => WriteAsync("averaged", "file/reports"));
        Assert.Contains("file/reports", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
        Assert.Equal("kept", File.ReadAllText(Assert.Single(Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories))));

        // A folder in the page's place: the file under its other name must go again.
        Directory.CreateDirectory(_folder[$"{models.ResultOf("averaged").Model.Replace('/', '-')}.png"]);
        await Assert.ThrowsAsync<JobException>(() => WriteAsync("averaged"));
        Assert.Single(Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task An_unknown_model_is_refused()
    {
        var refused = await Assert.ThrowsAsync<JobException>(() => ModelReportCommand.WriteAsync(models.Store, "unknown", _folder.Path, CancellationToken.None));
        Assert.StartsWith("no model 'unknown' in the store", refused.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    private async Task<(ReportPageText Page, string? Png)> WriteAsync(string name, string folder = "")
    {
        var (model, html, png) = await ModelReportCommand.WriteAsync(models.Store, name, Path.Combine(_folder.Path, folder), CancellationToken.None);
        Assert.Equal(models.ResultOf(name).Model, model);
        return (new ReportPageText(File.ReadAllText(html)), png);
    }
}
