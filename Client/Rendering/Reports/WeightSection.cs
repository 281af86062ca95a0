using ExplicitCluster.Client.Rendering.Html;
using ExplicitCluster.Client.Rendering.Pictures;
using ExplicitCluster.Grains.Models;
using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Features;

namespace ExplicitCluster.Client.Rendering.Reports;

/// <summary>The weights in a report: pictures beside those of the explicit solution, and how far each class moved from it.</summary>
internal static class WeightSection
{
    private const int MostClasses = 40;
    private const int MostColumns = 60;
    private const int PixelsAcross = 84;
    private const int MostFeatures = 5;

    public static void Add(HtmlPage page, ModelReport report)
    {
        page.Section("Weights");
        if (report.Weights is not { } weights)
        {
            page.Text("The statistics that the model was solved from are no longer in the store; weights are drawn from both.");
            return;
        }
        if (weights.Model.Vocabulary is { } vocabulary)
        {
            AddFeatures(page, weights, vocabulary);
            return;
        }
        page.Text((weights.Explicit is null ? "Red speaks for the class, blue against it. " : $"Left the explicit solution, {StartOf(report.Model)}; right the refined weights. Red speaks for the class, blue against it. ")
            + (weights.Model.Encoder.Layout.Maps.All(map => map.Blocks > 0)
                ? "Every place shows what its codes add to the class's score in the class's training rows, mean in nats."
                : "Every place shows its weight's distance from the mean over classes, in nats."));
        if (!weights.Model.Encoder.Shape.IsImage && report.Model.ColumnNames is { IsEmpty: false } columns)
            page.Text($"Columns from left to right: {string.Join(", ", columns.Take(MostColumns))}{(columns.Length > MostColumns ? ", ..." : "")}.");
        var maps = weights.Model.Encoder.Layout.Maps;
        for (var i = 0; i < maps.Count; i++)
            AddPictures(page, weights, maps[i], maps.Count == 1 ? maps[i].Name : $"{i}-{maps[i].Name}");
        if (weights.Model.Classes > MostClasses)
            page.Text($"The first {MostClasses} of {weights.Model.Classes} classes are drawn.");
        if (weights.Movement is { } movement)
            AddMovement(page, movement, weights.Model);
    }

    /// <summary>Of texts: the features that add most to a class's score in its training rows.</summary>
    private static void AddFeatures(HtmlPage page, ReportedWeights weights, Vocabulary vocabulary) => page.Table(
        new HtmlTable(
            ["class", "strongest features", "in rows", "adds (nats)"],
            [.. Enumerable.Range(0, weights.Model.Classes).SelectMany(c => weights.Insight.Strongest(c, MostFeatures).Select(input => HtmlTable.Row(
                weights.Model.Description.Labels[c],
                InputNames.Of(weights.Model, input.Input),
                vocabulary.RowsOf(input.Input) is { } rows ? Figures.Count(rows) : "",
                $"{input.Contribution:+0.0000;-0.0000}")))]).WithText(1),
        "The features that add most to a class's score: mean share in the training rows of the class times the weight's distance from the mean over classes.");

    private static string StartOf(ModelDescription model) => UnrefinedModel.IsStartOf(model)
        ? "where refinement began"
        : FormattableString.Invariant($"for comparison, at K {model.K} and alpha {model.Alpha} from the same statistics (the sweeps began at weights of 0)");

    private static void AddPictures(HtmlPage page, ReportedWeights weights, MapLayout map, string name)
    {
        var (width, height) = weights.Insight.SizeOf(map);
        var classes = Math.Min(weights.Model.Classes, MostClasses);
        var sides = new[] { weights.Explicit, weights.Insight }.OfType<ModelInsight>()
            .Select(insight => Enumerable.Range(0, classes).Select(c => insight.Picture(map, c)).ToArray()).ToArray();
        var scales = sides.Select(ScaleOf).ToArray();
        var full = string.Join(" left, ", scales.Select(scale => FormattableString.Invariant($"{scale:G3}"))) + (scales.Length > 1 ? " right" : "");
        var cell = Math.Clamp(PixelsAcross / Math.Max(width, height), 1, 12);
        page.Pictures(
            $"{name}, {width} x {height}; full colour from {full}",
            Enumerable.Range(0, classes).Select(c => (
                WeightImage.Png([.. sides.Select((side, i) => (side[c], scales[i]))], width, height),
                weights.Model.Description.Labels[c])),
            ((width + WeightImage.Gap) * sides.Length - WeightImage.Gap) * cell);
    }

    /// <summary>Only one place in a hundred is larger, so that a few do not leave all others pale.</summary>
    private static double ScaleOf(double[][] pictures)
    {
        double[] sizes = [.. pictures.SelectMany(values => values).Where(double.IsFinite).Select(Math.Abs).Order()];
        return sizes.Length == 0 ? 0 : sizes[(sizes.Length - 1) * 99 / 100] is > 0 and var most ? most : sizes[^1];
    }

    private static void AddMovement(HtmlPage page, WeightMovement movement, TrainedModel model)
    {
        page.Table(
            new HtmlTable(
                ["class", "distance (L2)", "of the explicit norm", "rms (nats)", "cosine"],
                [.. movement.Classes.Select(row => HtmlTable.Row(row.Label, $"{row.Distance:0.0000}", $"{row.Relative:0.000}", $"{row.Distance / Math.Sqrt(movement.Inputs):0.0000}", $"{row.Cosine:0.0000}"))]),
            $"How far each class's weights are from the explicit solution, over the {Figures.Count(movement.Inputs)} inputs that occurred in training; each weight taken from its mean over classes.");
        var isBlocks = model.RowOfInput.Length > 0;
        page.Table(
            new HtmlTable(
                ["class", "moved most", "explicit (nats)", "refined (nats)", "change", isBlocks ? "rows" : "share", "effect (nats)"],
                [.. movement.Classes.SelectMany(row => row.MostMoved.Select(input => HtmlTable.Row(
                    row.Label,
                    InputView.NameOf(model, input.Input),
                    $"{input.From:0.000}",
                    $"{input.To:0.000}",
                    $"{input.Change:+0.000;-0.000}",
                    InputView.WeightOf(input),
                    $"{input.Effect:+0.0000;-0.0000}")))]).WithText(1),
            "The inputs whose change moves the class's score most over the training rows; the effect is the change times the share of rows.");
    }
}
