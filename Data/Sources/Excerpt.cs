using System.Text;

namespace ExplicitCluster.Data.Sources;

/// <summary>Quotes a little of a source's data in a message: at most 16 bytes, everything but printable ASCII escaped.</summary>
internal static class Excerpt
{
    private const int MaxBytes = 16;

    public static string Of(ReadOnlySpan<byte> data)
    {
        var text = new StringBuilder("'");
        foreach (var value in data[..Math.Min(MaxBytes, data.Length)])
        {
            if (value is >= 0x20 and < 0x7f and not (byte)'\'' and not (byte)'\\') text.Append((char)value);
            else text.Append($"\\x{value:x2}");
        }
        if (data.Length > MaxBytes) text.Append("...");
        return text.Append('\'').ToString();
    }

    public static string Of(ReadOnlySpan<char> data)
    {
        // A character is at least one byte: the first 17 decide whether more than 16 bytes are there.
        var start = data[..Math.Min(MaxBytes + 1, data.Length)];
        var bytes = new byte[Encoding.UTF8.GetMaxByteCount(start.Length)];
        return Of(bytes.AsSpan(0, Encoding.UTF8.GetBytes(start, bytes)));
    }
}
