using System.Security.Cryptography;
using System.Text;

namespace ExplicitCluster.Client.Slices;

/// <summary>The name of a slice's model: that of the whole, then the conditions as far as a name may hold them. A sliding window keeps its name while it slides.</summary>
internal static class SliceName
{
    private const int Most = 64;
    private const int Digits = 8;

    public static string Of(string whole, IEnumerable<string> conditions)
    {
        var suffix = string.Concat(conditions.Select(condition => $".{Clean(condition)}"));
        if (whole.Length + suffix.Length <= Most)
            return whole + suffix;
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', conditions))))[..Digits];
        var room = Most - Digits - 1;
        return $"{(whole + suffix)[..room]}-{hash}";
    }

    private static string Clean(string condition)
    {
        var clean = new StringBuilder();
        foreach (var letter in condition.ToLowerInvariant())
            clean.Append(char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' ? letter : '-');
        return clean.ToString();
    }
}
