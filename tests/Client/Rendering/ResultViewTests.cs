using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Client.Rendering;

namespace ExplicitCluster.Client.Tests.Rendering;

public sealed class ResultViewTests
{
    [Fact]
    public void A_result_at_80_columns_says_everything_and_wraps_no_table()
    {
        var lines = Shown(SampleJob.Done);
        Assert.All(lines, line => Assert.InRange(line.Length, 1, 80));
        AssertLine(lines, "model", "fashion/0123456789ab");
        AssertLine(lines, "rows", "60,000, 3 of them all zero and left out");
        AssertLine(lines, "inputs, outputs", "3,326,787, 10");
        AssertLine(lines, "shards", "8 (6 reused)");
        AssertLine(lines, "K, alpha", "4, 0.01 (chosen by leave-one-out)");
        AssertLine(lines, "weights", "aaaabbbbccccdddd");
        AssertLine(lines, "statistics", "1111222233334444");
        AssertLine(lines, "seconds", "4.20 in all: read 0.90, statistics 1.40");
        AssertLine(lines, "│ train", "60,000 │   0.8312 │        0.5331 │            0.0312");
        AssertLine(lines, "│ test", "10,000 │   0.8057 │        0.5331 │            0.0312");
    }

    [Fact]
    public void Layers_that_were_refined_are_named_with_what_refined_them()
    {
        var sweeps = new RefineSpecification { Method = RefineMethod.Sweeps };
        var specification = SampleJob.Done.Specification with
        {
            Layers = [new LayerSpecification { Features = [], Refine = sweeps, Targets = new HiddenTargetSpecification { Subclasses = 3 } }, new LayerSpecification { Features = [] }],
            Refine = new RefineSpecification { Method = RefineMethod.Averaging },
        };
        Assert.Equal(
            "layer 1 of sub-classes by sweeps, the top by averaging, each on its own loss: no gradient passes between layers; the explicit solution in layer 2", ModelView.RefinedOf(specification));
        AssertLine(Shown(SampleJob.Done with { Specification = specification }), "refined layers", "layer 1 of sub-classes by sweeps, the top by averaging");
        Assert.DoesNotContain(Shown(SampleJob.Done), line => line.StartsWith("refined layers", StringComparison.Ordinal));
    }

    [Fact]
    public void A_narrow_result_has_its_measures_down_and_breaks_no_word()
    {
        var console = new RecordedConsole(width: 50);
        ResultView.ShowResult(SampleJob.Result, console.Console);
        Assert.All(console.Lines, line => Assert.InRange(line.Length, 1, 50));
        AssertLine(console.Lines, "│ accuracy", "0.8312 │ 0.8057 │");
        AssertLine(console.Lines, "│ calibration error", "0.0312 │ 0.0312 │");
    }

    [Fact]
    public void The_grid_has_a_line_a_K_and_marks_the_chosen_setting_alone()
    {
        var lines = Shown(SampleJob.Done);
        var marked = Assert.Single(lines, line => line.StartsWith('│') && line.Contains('*', StringComparison.Ordinal));
        Assert.StartsWith("│         4 │ 0.7000 │ 0.7000 │ *0.6000 │", marked, StringComparison.Ordinal);
        AssertLine(lines, "│ K \\ alpha", "0.001 │  0.003 │    0.01 │   0.03 │    0.1 │    0.3 │      1 │");
    }

    [Fact]
    public void A_wide_grid_shows_its_best_settings()
    {
        var result = SampleJob.Result with { Choice = [.. Enumerable.Range(0, 30).Select(i => new GridPoint(4, .01 * (i + 1), .5 + i))] };
        var console = new RecordedConsole();
        ChoiceView.Show(result, console.Console);
        AssertLine(console.Lines, "│ 4 │", "0.01 │    *0.5000");
        Assert.Contains("the best 12 of 30", console.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Ten_classes_with_long_names_fit_a_confusion_matrix_of_80_columns()
    {
        var lines = Shown(SampleJob.Done);
        AssertLine(lines, "  Pullover", "177");
        AssertLine(lines, "  T-shirt/top", "833");
    }

    [Fact]
    public void Many_classes_show_the_most_frequent_mistakes()
    {
        var labels = Enumerable.Range(0, 50).Select(index => $"class {index}").ToArray();
        var confusion = new long[2500];
        confusion[7 * 50 + 9] = 12_345;
        var console = new RecordedConsole();
        ConfusionView.Show(labels, SampleJob.Report(10, .5) with { Confusion = [.. confusion] }, "test", console.Console);
        AssertLine(console.Lines, "│ class 7", "class 9   │ 12,345");
    }

    [Fact]
    public void A_failure_is_one_line_of_cause_and_one_of_remedy()
    {
        Assert.Equal(
            ["job job-1 failed in stage accumulate: a.csv:3 has 4 values; 5 were expected", "  correct the line"],
            Shown(SampleJob.Failed));
    }

    [Fact]
    public void Labels_with_escapes_and_markup_reach_the_console_as_harmless_text()
    {
        var report = SampleJob.Report(10, .5) with { Confusion = [3, 1, 2, 4] };
        var console = new RecordedConsole();
        ConfusionView.Show(["\u001b[31m", "[red]x"], report, "test", console.Console);
        Assert.DoesNotContain('\u001b', console.Text);
        Assert.Contains("\\u001b[31m", console.Text, StringComparison.Ordinal);
        Assert.Contains("[red]", console.Text, StringComparison.Ordinal);
    }

    private static string[] Shown(JobRecord record)
    {
        var console = new RecordedConsole();
        ResultView.Show(record, console.Console);
        return console.Lines;
    }

    private static void AssertLine(string[] lines, string start, string part) =>
        Assert.Contains(lines, line => line.StartsWith(start, StringComparison.Ordinal) && line.Contains(part, StringComparison.Ordinal));
}
