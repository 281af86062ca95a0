using ExplicitCluster.Grains.Models;
using Spectre.Console;

namespace ExplicitCluster.Client.Rendering;

/// <summary>Two models side by side, and how far each class moved from the first to the second.</summary>
internal static class ComparisonView
{
    private const int MovedInText = 3;

    public static void Show(ModelComparison comparison, IAnsiConsole console)
    {
        var (left, right) = (comparison.Left.Description, comparison.Right.Description);
        var table = new Table().RoundedBorder().AddColumns("", Markup.Escape(NameOf(left)), Markup.Escape(NameOf(right)));
        var (before, after) = (ModelView.FeaturesOf(left), ModelView.FeaturesOf(right));
        table.AddRow("features", LinesOf(before), before == after ? "the same" : LinesOf(after));
        table.AddRow("rows", $"{left.Lineage.Rows:N0}", $"{right.Lineage.Rows:N0}");
        table.AddRow("inputs", $"{left.Inputs:N0}", $"{right.Inputs:N0}");
        table.AddRow("classes", $"{left.Labels.Length}", $"{right.Labels.Length}");
        table.AddRow("K", $"{left.K}", $"{right.K}");
        table.AddRow("alpha, beta", $"{left.Alpha}, {left.Beta}", $"{right.Alpha}, {right.Beta}");
        table.AddRow("refined", RefinedOf(left), RefinedOf(right));
        table.AddRow("test accuracy", $"{comparison.LeftResult?.Test?.Accuracy:0.0000}", $"{comparison.RightResult?.Test?.Accuracy:0.0000}");
        table.AddRow("test cross-entropy", $"{comparison.LeftResult?.Test?.CrossEntropy:0.0000}", $"{comparison.RightResult?.Test?.CrossEntropy:0.0000}");
        table.AddRow("test calibration error", $"{comparison.LeftResult?.Test?.CalibrationError:0.0000}", $"{comparison.RightResult?.Test?.CalibrationError:0.0000}");
        table.AddRow("statistics", left.StatisticsSha256[..12], left.StatisticsSha256 == right.StatisticsSha256 ? "the same" : right.StatisticsSha256[..12]);
        table.AddRow("weights", left.WeightsSha256[..12], left.WeightsSha256 == right.WeightsSha256 ? "the same" : right.WeightsSha256[..12]);
        console.Write(table);
        if (comparison.Movement is { } movement)
            ShowMovement(movement, comparison.Right, console);
        else
            console.MarkupLine($"[dim]the weights are not compared: {Markup.Escape(comparison.NotCompared!)}[/]");
        if (comparison.Counts is { } counts)
            CountMovementView.Show(counts, comparison.Left, comparison.Right, console);
    }

    public static string JsonOf(ModelComparison comparison) => JsonText.Of(new
    {
        Models = new[] { (comparison.Left.Description, comparison.LeftResult), (comparison.Right.Description, comparison.RightResult) }.Select(side => new
        {
            Model = NameOf(side.Description),
            Features = ModelView.FeaturesOf(side.Description),
            side.Description.Lineage.Rows,
            side.Description.Inputs,
            side.Description.K,
            side.Description.Alpha,
            side.Description.Beta,
            side.Description.StatisticsSha256,
            side.Description.WeightsSha256,
            Refined = side.Description.Lineage.Refinement?.Method,
            TestAccuracy = side.Item2?.Test?.Accuracy,
            TestCrossEntropy = side.Item2?.Test?.CrossEntropy,
            TestCalibrationError = side.Item2?.Test?.CalibrationError,
        }),
        comparison.NotCompared,
        Shards = CountMovementView.JsonOf(comparison.Counts, comparison.Left, comparison.Right),
        Compared = comparison.Movement is not { } compared ? null : new
        {
            compared.Inputs,
            Maps = compared.Maps.Select(map => InputView.MapOf(comparison.Right, map)),
        },
        Classes = (comparison.Movement?.Classes ?? []).Select(row => new
        {
            row.Label,
            Distance = row.Distance / Math.Sqrt(comparison.Movement!.Inputs),
            row.Cosine,
            L2 = row.Distance,
            row.Relative,
            Norms = new[] { row.FromNorm, row.ToNorm },
            MostMoved = row.MostMoved.Select(input => new
            {
                input.Input,
                Name = InputNames.Of(comparison.Right, input.Input),
                Map = InputView.MapOf(comparison.Right, comparison.Right.MapOf(input.Input)),
                input.From,
                input.To,
                input.Change,
                input.Rows,
                input.Share,
                input.Effect,
            }),
        }),
    });

    private static void ShowMovement(WeightMovement movement, TrainedModel right, IAnsiConsole console)
    {
        var maps = right.Encoder.Layout.Maps.Count;
        var part = movement.Maps.Length == maps ? "" : $" of the {movement.Maps.Length} feature maps that both have ({string.Join(", ", movement.Maps.Select(map => InputView.MapOf(right, map)))})";
        console.MarkupLineInterpolated($"[dim]weights from their mean over classes, over the {movement.Inputs:N0} inputs{part} that occurred in training; a rare code that was merged has the weight of those it was merged with[/]");
        var classes = new Table().RoundedBorder().AddColumns("class", "distance (L2)", "of the first's norm", "rms (nats)", "cosine");
        foreach (var column in classes.Columns.Skip(1))
            column.RightAligned();
        foreach (var row in movement.Classes)
            classes.AddRow(Markup.Escape(row.Label), $"{row.Distance:0.0000}", $"{row.Relative:0.000}", $"{row.Distance / Math.Sqrt(movement.Inputs):0.0000}", $"{row.Cosine:0.0000}");
        console.Write(classes);
        console.Write(MovedOf(movement, right));
        console.MarkupLine("[dim]effect: the change times the share of training rows, what it moves the class's score in an average row; the largest come first[/]");
    }

    private static Table MovedOf(WeightMovement movement, TrainedModel right)
    {
        var table = new Table().RoundedBorder().AddColumns("class", "moved most", "weight (nats)", "change", right.RowOfInput.Length > 0 ? "rows" : "share", "effect");
        foreach (var column in table.Columns.Skip(2))
            column.RightAligned().NoWrap();
        foreach (var row in movement.Classes)
        {
            foreach (var (i, input) in row.MostMoved.Take(MovedInText).Index())
            {
                table.AddRow(
                    i == 0 ? Markup.Escape(row.Label) : "",
                    Markup.Escape(InputView.NameOf(right, input.Input)),
                    $"{input.From:0.000} to {input.To:0.000}",
                    $"{input.Change:+0.000;-0.000}",
                    InputView.WeightOf(input),
                    $"{input.Effect:+0.0000;-0.0000}");
            }
        }
        return table;
    }

    private static string RefinedOf(ModelDescription model) => model.Lineage.Refinement is { } refinement
        ? $"{refinement.Method.ToString().ToLowerInvariant()}, {refinement.Rounds.Length} round{(refinement.Rounds.Length == 1 ? "" : "s")}{(model.Specification.Compact > 1 ? $", codes below {model.Specification.Compact} rows merged" : "")}"
        : "no";

    private static string LinesOf(string features) => features.Replace(" + ", "\n", StringComparison.Ordinal);

    private static string NameOf(ModelDescription model) => $"{model.Name}/{model.Version}";
}
