using ExplicitCluster.Grains.Models;
using Spectre.Console;

namespace ExplicitCluster.Client.Rendering;

/// <summary>The strongest inputs a class, and where the pictures are.</summary>
internal static class InspectionView
{
    public static void Show(TrainedModel model, IReadOnlyList<IReadOnlyList<InputContribution>> strongest, IReadOnlyList<string> files, IAnsiConsole console)
    {
        var table = new Table().RoundedBorder().AddColumns("class", "strongest inputs", model.Vocabulary is null ? "share of rows" : "in rows", "adds (nats)");
        table.Columns[2].RightAligned();
        table.Columns[3].RightAligned();
        for (var c = 0; c < strongest.Count; c++)
        {
            for (var i = 0; i < strongest[c].Count; i++)
            {
                var input = strongest[c][i];
                table.AddRow(
                    i == 0 ? Markup.Escape(model.Description.Labels[c]) : "",
                    Markup.Escape(InputNames.Of(model, input.Input)),
                    model.Vocabulary is { } vocabulary ? $"{vocabulary.RowsOf(input.Input):N0}" : $"{input.Share:0.0000}",
                    $"{input.Contribution:+0.0000;-0.0000}");
            }
        }
        console.Write(table);
        if (model.Description.Text?.Groups.Any(group => group.HashBits > 0) == true)
            console.MarkupLine("[dim]a bucket is all features whose hash it is; which ones, and in how many rows, was not counted[/]");
        console.MarkupLine(model.Vocabulary is not null
            ? "[dim]in rows: training rows with the feature; adds: its mean share in the rows of the class times the weight's distance from the mean over classes[/]"
            : "[dim]share: mean of the input in the training rows of the class; adds: share times the weight's distance from the mean over classes[/]");
        foreach (var file in files)
            console.WriteLine(file);
    }

    public static string JsonOf(TrainedModel model, IReadOnlyList<IReadOnlyList<InputContribution>> strongest, IReadOnlyList<string> files) => JsonText.Of(new
    {
        Model = $"{model.Description.Name}/{model.Description.Version}",
        Classes = strongest.Select((inputs, c) => new
        {
            Label = model.Description.Labels[c],
            Strongest = inputs.Select(input => new
            {
                input.Input,
                Name = InputNames.Of(model, input.Input),
                input.Share,
                input.Contribution,
                Rows = model.Vocabulary?.RowsOf(input.Input),
            }),
        }),
        Pictures = files,
    });
}
