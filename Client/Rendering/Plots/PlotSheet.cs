using ExplicitCluster.Client.Rendering.Pictures;

namespace ExplicitCluster.Client.Rendering.Plots;

/// <summary>Plots side by side and below each other in one PNG.</summary>
public static class PlotSheet
{
    private const int PixelsPerUnit = 2;
    private const int HeadRoom = 34;
    private const float Letter = 12;

    /// <param name="title">One line above them; empty for none.</param>
    /// <param name="plots">At least one.</param>
    /// <param name="across">Plots side by side.</param>
    public static byte[] ToPng(string title, IReadOnlyList<LinePlot> plots, int across)
    {
        var columns = Math.Min(across, plots.Count);
        var head = title.Length == 0 ? 0 : HeadRoom;
        var (width, height) = (columns * LinePlot.Width, head + (plots.Count + columns - 1) / columns * LinePlot.Height);
        return PictureFile.Png(width * PixelsPerUnit, height * PixelsPerUnit, canvas =>
        {
            canvas.Scale(PixelsPerUnit);
            if (head > 0)
                PictureFile.Text(canvas, StrokeFont.Fit(title, Letter, width - 24), 12, 26, Letter, new TextStyle(Palette.Ink, IsBold: true));
            for (var i = 0; i < plots.Count; i++)
            {
                canvas.Save();
                canvas.Translate(i % columns * LinePlot.Width, head + i / columns * LinePlot.Height);
                plots[i].Draw(new SkiaPen(canvas));
                canvas.Restore();
            }
        });
    }
}
