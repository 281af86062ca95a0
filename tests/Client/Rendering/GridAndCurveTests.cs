using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Curves;
using ExplicitCluster.Abstractions.Grid;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Client.Commands;
using ExplicitCluster.Client.Rendering.Curves;
using ExplicitCluster.Client.Rendering.Grids;
using SkiaSharp;

namespace ExplicitCluster.Client.Tests.Rendering;

public sealed class GridAndCurveTests
{
    private static readonly SKColor Frame = new(0xCB, 0x43, 0x40);

    private static GridReport Grid => new()
    {
        Name = "fashion",
        Rows = 60_000,
        Labels = ["a", "b"],
        FoldRows = [29_990, 30_010],
        Groups = [new GridGroupReport("patches", "00", []), new GridGroupReport("patches + bins", "11", [])],
        Settings = [.. from @group in Enumerable.Range(0, 2) from alpha in (double[])[.01, .1] from k in (double[])[1, 4, 8] select Setting(@group, alpha, k)],
        BestLeftOut = 7, // patches + bins, alpha .01, K 4
        BestFolds = 10,
    };

    [Fact]
    public void A_grid_shows_the_best_of_every_group_and_marks_the_best_of_leave_one_out_and_of_folds()
    {
        var console = new RecordedConsole(width: 120);
        GridView.Show(SampleJob.Done, Grid, console.Console);
        Assert.Contains("12 settings on 60,000 rows, 2 folds of 29,990 to 30,010 rows", console.Lines[0]);
        Assert.Contains(console.Lines, line => line.Contains("patches + bins") && line.Contains("*0.5010") && line.Contains("0.5110 ± 0.0100"));
        Assert.Contains(console.Lines, line => line.Contains("+0.5200 ± 0.0100"));
        Assert.Equal(2, console.Lines.Count(line => line.Contains("│ patches        │") && line.Contains("│ 4 │  0.01 │")));
    }

    [Fact]
    public void A_heat_map_frames_one_cell_of_each_side()
    {
        using var picture = SKBitmap.Decode(GridPicture.Of(Grid));
        // The frame of a cell is a run of red down: one at the left for leave-one-out, one at the right for folds.
        var columns = Enumerable.Range(0, picture.Width).Where(x => Enumerable.Range(0, picture.Height).Count(y => picture.GetPixel(x, y) == Frame) > 20).ToList();
        Assert.Contains(columns, x => x < picture.Width / 2);
        Assert.Contains(columns, x => x > picture.Width / 2);
    }

    [Theory, InlineData(.50, true), InlineData(.5075, false), InlineData(.52, false), InlineData(.0001, true)]
    public void More_data_is_worth_it_where_twice_of_it_saves_a_hundredth(double last, bool isWorthIt)
    {
        // From a quarter to all is two doublings: the root of what is left, once more.
        var report = Curve([new CurvePoint(1, 1000, "", .8, .7), new CurvePoint(2, 2000, "", .515, .8), new CurvePoint(8, 8000, "", last, .82)]);
        var verdict = CurveVerdict.Of(report)!;
        Assert.Equal((16_000, isWorthIt), (verdict.Rows, verdict.IsWorthIt));
        Assert.Equal(last * Math.Sqrt(last / .515), verdict.CrossEntropy, 1e-12);
        Assert.Equal(1 - .18 * Math.Sqrt(.18 / .2), verdict.Accuracy, 1e-12);
        Assert.StartsWith(isWorthIt ? "More data is worth it:" : "More data is hardly worth it:", verdict.Sentence);
        using var picture = SKBitmap.Decode(CurvePlots.Of(report));
        Assert.Contains(new SKColor(0xD9, 0x6A, 0x1D), picture.Pixels); // the line drawn on
    }

    [Fact]
    public void One_point_makes_no_curve()
    {
        var report = Curve([new CurvePoint(1, 1000, "", .8, .7)]) with { LeftOut = ["1 of 9 shards have no row of label 'b'"] };
        var console = new RecordedConsole();
        CurveView.Show(SampleJob.Done, report, console.Console);
        Assert.Contains("left out: 1 of 9 shards have no row of label 'b'", console.Lines);
        Assert.Contains(console.Lines, line => line.StartsWith("One point makes no curve", StringComparison.Ordinal));
    }

    [Fact]
    public void Shares_ascend_to_a_hundred()
    {
        Assert.Equal([1, 3, 10, 30, 100], CurveCommand.SharesOf(null).Shares);
        Assert.Equal([12.5, 50, 100], CurveCommand.SharesOf("12.5,50").Shares);
        foreach (var wrong in (string[])["", "0", "50,20", "20,200", "x", "-5"])
            Assert.Contains("--shares", Assert.Throws<UsageException>(() => CurveCommand.SharesOf(wrong)).Message);
    }

    private static CurveReport Curve(ImmutableArray<CurvePoint> points) => new() { Name = "fashion", K = 4, Alpha = .01, TestRows = 100, Points = points, LeftOut = [] };

    private static GridSettingReport Setting(int group, double alpha, double k)
    {
        var loss = .6 - .1 * group + .1 * Math.Abs(k - 4) + alpha / 10;
        return new GridSettingReport
        {
            Group = group,
            Prior = GridPrior.Observed,
            Beta = 0,
            Alpha = alpha,
            K = k,
            LeftOut = new GridFigures(loss, .8),
            Folds = new GridFigures(loss + .01, .79),
            Deviation = new GridFigures(.01, .002),
            EachFold = [],
        };
    }
}
