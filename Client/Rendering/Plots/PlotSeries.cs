namespace ExplicitCluster.Client.Rendering.Plots;

/// <summary>A line of a plot; colours go by its place among the series.</summary>
/// <param name="Name">For the legend; empty where the plot's title says it.</param>
/// <param name="Points">From left to right; a point that is no finite number leaves a gap.</param>
public sealed record PlotSeries(string Name, IReadOnlyList<(double X, double Y)> Points)
{
    public bool IsDashed { get; init; }
}
