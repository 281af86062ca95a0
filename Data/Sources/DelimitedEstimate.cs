using System.Globalization;
using System.Text;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Numerics.Encodings;

namespace ExplicitCluster.Data.Sources;

/// <summary>What the first 64 KiB of a delimited file let one expect of it, so that memory can be planned before the pass over it.</summary>
internal static class DelimitedEstimate
{
    private const int SampleBytes = 64 << 10;

    /// <summary>Rows by the mean length of a line and the length of the file (for gzip: by the sample's ratio); null where there is no whole line of numbers.</summary>
    /// <exception cref="SourceException">The file is missing or cannot be read.</exception>
    public static SourceOutline? Of(string path, SourceSpecification source)
    {
        using var input = SourceInput.Open(path);
        var sample = new byte[SampleBytes];
        var bytes = input.Fill(sample);
        var whole = bytes < SampleBytes;
        var lines = Encoding.UTF8.GetString(sample, 0, bytes).Split('\n').Select(line => line.TrimEnd('\r')).ToList();
        if (!whole || lines[^1].Length == 0)
            lines.RemoveAt(lines.Count - 1); // cut off, or empty after the last line's end
        var delimiter = source.Format == SourceFormat.Csv ? ',' : '\t';
        var data = lines.Skip(source.Header ? 1 : 0).Select(line => line.Split(delimiter)).ToList();
        if (data.Count == 0)
            return null;
        var fields = lines[0].Split(delimiter);
        var values = fields.Length - (source.LabelColumn is null ? 0 : 1);
        if (values is < 1 or > SourceLimits.MaxColumns)
            return null;
        var ratio = whole ? 1 : (double)input.FileLength / Math.Max(1, input.Consumed);
        // The reader is ahead of the sample by less than its buffer: of a plain file the length is known.
        var decoded = whole ? bytes : input.IsCompressed ? bytes * ratio : input.FileLength;
        var rows = whole ? data.Count : (long)Math.Ceiling(decoded / lines.Average(line => Encoding.UTF8.GetByteCount(line) + 1.0));
        return new SourceOutline(RowShape.Table(values), rows, Math.Max(1, LabelsIn(data, fields, source)), IsEstimate: true);
    }

    private static int LabelsIn(List<string[]> data, string[] fields, SourceSpecification source)
    {
        if (source.LabelColumn is not { } column)
            return 0;
        var index = source.Header ? Array.FindIndex(fields, field => field.Trim() == column.Trim()) : -1;
        if (index < 0 && !int.TryParse(column, NumberStyles.None, CultureInfo.InvariantCulture, out index))
            return 0;
        return data.Where(line => index < line.Length).Select(line => line[index].Trim()).Distinct(StringComparer.Ordinal).Count();
    }
}
