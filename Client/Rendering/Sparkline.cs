namespace ExplicitCluster.Client.Rendering;

/// <summary>A curve as high as a line of text.</summary>
internal static class Sparkline
{
    private const string Bars = "▁▂▃▄▅▆▇█";

    /// <summary>The values from first to last, from their lowest to their highest, as at most so many characters.</summary>
    public static string Of(IReadOnlyList<double> values, int width)
    {
        var length = Math.Min(values.Count, width);
        if (length < 2)
            return "";
        var (low, high) = (values.Min(), values.Max());
        var range = high > low ? high - low : 1;
        return string.Create(length, 0, (text, _) =>
        {
            for (var i = 0; i < text.Length; i++)
            {
                var value = values[(int)((long)i * (values.Count - 1) / (text.Length - 1))];
                text[i] = Bars[(int)Math.Round((value - low) / range * (Bars.Length - 1))];
            }
        });
    }
}
