using ExplicitCluster.Grains.Models;

namespace ExplicitCluster.Client.Rendering;

/// <summary>An input as people read it.</summary>
internal static class InputView
{
    /// <summary>Its name, with its feature map where there are several.</summary>
    public static string NameOf(TrainedModel model, int input) =>
        $"{(model.Encoder.Layout.Maps.Count > 1 ? $"{MapOf(model, model.MapOf(input))}: " : "")}{InputNames.Of(model, input)}";

    /// <summary>A map as pictures are named by it.</summary>
    public static string MapOf(TrainedModel model, int map) => $"{map}-{model.Encoder.Layout.Maps[map].Name}";

    /// <summary>How much of it there is in training: rows where they can be counted.</summary>
    public static string WeightOf(InputMovement input) => input.Rows is { } rows ? Figures.Count(rows) : $"{input.Share:0.0000}";
}
