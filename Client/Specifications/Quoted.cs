using System.Text;

namespace ExplicitCluster.Client.Specifications;

/// <summary>Foreign text made fit for one line of a console: in quotes, shortened, control characters escaped.</summary>
internal static class Quoted
{
    private const int MostCharacters = 60;

    public static string Of(string text)
    {
        var shown = text.Length > MostCharacters ? text[..MostCharacters] : text;
        return $"'{Escape(shown)}{(shown.Length < text.Length ? "..." : "")}'";
    }

    /// <summary>The text with control characters, line breaks among them, and lone surrogates written as escapes.</summary>
    public static string Escape(string text)
    {
        if (!text.Any(IsUnprintable))
            return text;
        var escaped = new StringBuilder();
        foreach (var character in text)
        {
            _ = character switch
            {
                '\n' => escaped.Append("\\n"),
                '\r' => escaped.Append("\\r"),
                '\t' => escaped.Append("\\t"),
                _ when IsUnprintable(character) => escaped.Append($"\\u{(int)character:x4}"),
                _ => escaped.Append(character),
            };
        }
        return escaped.ToString();
    }

    // U+2028, U+2029 break lines; U+202A to U+202E and U+2066 to U+2069 reorder them.
    private static bool IsUnprintable(char character) =>
        char.IsControl(character) || character is (>= '\u2028' and <= '\u202e') or (>= '\u2066' and <= '\u2069');
}
