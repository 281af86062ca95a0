namespace ExplicitCluster.Client.Rendering.Plots;

/// <summary>What a part of a plot is, which decides its colour; numbers from 0 are series.</summary>
internal enum PlotInk
{
    Text = -3,
    FaintText = -2,
    Rule = -1,
    Series = 0,
}
