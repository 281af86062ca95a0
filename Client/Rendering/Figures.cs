using System.Globalization;

namespace ExplicitCluster.Client.Rendering;

/// <summary>Figures as people read them, the same in every culture.</summary>
internal static class Figures
{
    private static readonly string[] ByteUnits = ["B", "KiB", "MiB", "GiB", "TiB"];

    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    public static string Bytes(long bytes)
    {
        var (value, unit) = ((double)bytes, 0);
        while (Math.Abs(value) >= 1024 && unit < ByteUnits.Length - 1)
            (value, unit) = (value / 1024, unit + 1);
        return $"{value.ToString(unit == 0 || value >= 100 ? "0" : "0.0", CultureInfo.InvariantCulture)} {ByteUnits[unit]}";
    }

    /// <summary>Rows a second to three figures; empty where unknown.</summary>
    public static string Rate(double rowsPerSecond)
    {
        if (!(rowsPerSecond > 0) || !double.IsFinite(rowsPerSecond))
            return "";
        return rowsPerSecond < 100 ? $"{rowsPerSecond:0.#} rows/s" : $"{Count(Rounded(rowsPerSecond))} rows/s";
    }

    public static string Clock(TimeSpan time) =>
        time.TotalHours >= 1 ? $"{(long)time.TotalHours}:{time.Minutes:00}:{time.Seconds:00}" : $"{time.Minutes}:{time.Seconds:00}";

    public static string Seconds(double seconds) => $"{seconds.ToString(seconds < 10 ? "0.00" : "0.0", CultureInfo.InvariantCulture)} s";

    /// <summary>Seconds, or milliseconds where they are few.</summary>
    public static string Time(double seconds) => seconds < 0.1 ? $"{(seconds * 1000).ToString("0.0", CultureInfo.InvariantCulture)} ms" : Seconds(seconds);

    /// <summary>Accuracies, cross-entropies and calibration errors.</summary>
    public static string Measure(double value) =>
        double.IsFinite(value) ? value.ToString("0.0000", CultureInfo.InvariantCulture) : value > 0 ? "infinite" : "-";

    /// <summary>K and alpha: as short as they can be written.</summary>
    public static string Setting(double value) =>
        value.ToString(value == 0 || value is >= 1e-4 and < 1e6 ? "0.######" : "0.###e+0", CultureInfo.InvariantCulture);

    public static string Hash(string sha256) => sha256.Length > 16 ? sha256[..16] : sha256;

    private static long Rounded(double value)
    {
        var unit = Math.Pow(10, Math.Max(0, Math.Floor(Math.Log10(value)) - 2));
        return (long)(Math.Round(value / unit) * unit);
    }
}
