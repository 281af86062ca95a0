namespace ExplicitCluster.Numerics.Selection;

/// <summary>Room for the scores of a tile of rows, all alphas of a vector at once: for each map (rows, C, lanes), row-major.</summary>
internal sealed class TileSums(int maps, int rows, int classes)
{
    /// <summary>sum log P(input | class) of a row that is left out itself.</summary>
    public double[][] LeftOut { get; } = RoomOf(maps, rows, classes);

    /// <summary>The same of a row whose fold is left out.</summary>
    public double[][] Held { get; } = RoomOf(maps, rows, classes);

    /// <summary>What each row brought to the evidence of its class; 0 for a row of zero norm.</summary>
    public double[] Share { get; } = new double[rows];

    private static double[][] RoomOf(int maps, int rows, int classes) =>
        [.. Enumerable.Range(0, maps).Select(_ => new double[rows * classes * GridSettings.Lanes])];
}
