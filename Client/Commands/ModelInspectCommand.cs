using System.CommandLine;
using ExplicitCluster.Client.Rendering;
using ExplicitCluster.Client.Rendering.Pictures;
using ExplicitCluster.Grains.Jobs;
using ExplicitCluster.Grains.Models;

namespace ExplicitCluster.Client.Commands;

/// <summary><c>explicit models inspect M</c>: the strongest inputs a class, and pictures of what was learned.</summary>
internal static class ModelInspectCommand
{
    private const int StrongestInputs = 5;

    public static Command Create()
    {
        var model = ModelsCommand.ModelArgument();
        var output = new Option<string>("--output") { Description = "Folder for the pictures.", HelpName = "FOLDER", DefaultValueFactory = _ => "pictures" };
        var command = new Command("inspect", "Prints the strongest inputs a class and writes pictures of the weights.") { model, output };
        command.SetAction((parsed, cancellationToken) =>
            RunAsync(CommandContext.Of(parsed), parsed.GetRequiredValue(model), parsed.GetRequiredValue(output), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, string reference, string folder, CancellationToken cancellationToken)
    {
        var store = await context.OpenStoreAsync(cancellationToken);
        var description = await ModelFolder.FindAsync(store, reference, cancellationToken);
        var model = await TrainedModel.LoadAsync(store, ModelFolder.PathOf(description.Name, description.Version), cancellationToken);
        var insight = await ModelInsight.LoadAsync(store, model, cancellationToken);
        var strongest = Enumerable.Range(0, model.Classes).Select(c => insight.Strongest(c, StrongestInputs)).ToList();
        Directory.CreateDirectory(folder);
        var files = model.Vocabulary is null ? WritePictures(model, insight, folder) : [];
        if (await JobFolder.ReadAsync(store, description.Lineage.Job, cancellationToken) is { } job && (job.Value.Result?.Test ?? job.Value.Result?.Train) is { } report)
        {
            files.Add(Path.Combine(folder, "confusion.png"));
            ConfusionPicture.Save(files[^1], description.Labels, report.Confusion.AsSpan());
            files.Add(Path.Combine(folder, "calibration.png"));
            CalibrationPicture.Save(files[^1], report);
        }
        if (context.Json)
            Console.Out.WriteLine(InspectionView.JsonOf(model, strongest, files));
        else
            InspectionView.Show(model, strongest, files, context.Out);
        return ExitCode.Done;
    }

    private static List<string> WritePictures(TrainedModel model, ModelInsight insight, string folder)
    {
        var files = new List<string>();
        var maps = model.Encoder.Layout.Maps;
        for (var i = 0; i < maps.Count; i++)
        {
            var prefix = maps.Count == 1 ? maps[i].Name : $"{i}-{maps[i].Name}";
            var (width, height) = insight.SizeOf(maps[i]);
            var pictures = new List<(string Title, double[] Values)>();
            for (var c = 0; c < model.Classes; c++)
            {
                var label = model.Description.Labels[c];
                pictures.Add((label, insight.Picture(maps[i], c)));
                files.Add(Path.Combine(folder, $"{prefix}-class-{FileNameOf(label, c)}.png"));
                WeightPicture.Save(files[^1], pictures[c].Values, width, height, label);
            }
            files.Add(Path.Combine(folder, $"{prefix}-all.png"));
            WeightPicture.SaveSheet(files[^1], pictures, width, height);
        }
        return files;
    }

    /// <summary>A label as part of a file name; one that does not suit is replaced by its number.</summary>
    private static string FileNameOf(string label, int c) =>
        label.Length <= 40 && label.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_') ? label : $"_{c}";
}
