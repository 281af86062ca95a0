namespace ExplicitCluster.Client.Rendering.Plots;

/// <summary>An axis of a plot.</summary>
/// <param name="Title">What it shows and in which unit, e.g. <c>cross-entropy (nats a row)</c>.</param>
public sealed record PlotAxis(string Title)
{
    /// <summary>Ticks at whole numbers only, as for rounds.</summary>
    public bool IsWhole { get; init; }

    /// <summary>Logarithmic: values must be above 0, others are left out.</summary>
    public bool IsLogarithmic { get; init; }

    /// <summary>A value that the axis must reach, e.g. 0 for seconds.</summary>
    public double? Includes { get; init; }
}
