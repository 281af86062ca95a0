namespace ExplicitCluster.Client.Specifications;

/// <summary>Finds the name that was probably meant.</summary>
internal static class KeyNames
{
    /// <summary>Words other systems use for a key of ours.</summary>
    private static readonly Dictionary<string, string> Synonyms = new()
    {
        ["thresholds"] = "levels",
        ["smoothing"] = "alpha",
        ["temperature"] = "k",
        ["batchRows"] = "shardRows",
        ["type"] = "format",
    };

    /// <summary>The end of a problem's line: the nearest name, or all of them where none is near.</summary>
    public static string Suggest(string seen, IReadOnlyList<string> known, (string One, string Many) what) =>
        Nearest(seen, known) is { } nearest
            ? $"did you mean '{nearest}'?"
            : known.Count == 1 ? $"the {what.One} is {known[0]}" : $"the {what.Many} are {List(known)}";

    public static string? Nearest(string seen, IReadOnlyList<string> known)
    {
        if (Synonyms.TryGetValue(seen, out var synonym) && known.Contains(synonym))
            return synonym;
        var folded = Fold(seen);
        var best = known
            .Select(name => (Name: name, Distance: Distance(folded, Fold(name))))
            .OrderBy(candidate => candidate.Distance)
            .FirstOrDefault();
        return best.Name is { } nearest
            && best.Distance < nearest.Length
            && best.Distance <= Math.Max(1, Math.Min(seen.Length, nearest.Length) / 3)
            ? nearest
            : null;
    }

    public static string List(IReadOnlyList<string> names) =>
        names.Count == 1 ? names[0] : $"{string.Join(", ", names.Take(names.Count - 1))} and {names[^1]}";

    private static string Fold(string name)
    {
        var shortened = name.Length > 64 ? name[..64] : name;
        return shortened.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();
    }

    /// <summary>Insertions, deletions, replacements and swaps of neighbours that turn one word into the other.</summary>
    private static int Distance(string a, string b)
    {
        var table = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
            table[i, 0] = i;
        for (var j = 0; j <= b.Length; j++)
            table[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var least = Math.Min(table[i - 1, j], table[i, j - 1]) + 1;
                least = Math.Min(least, table[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    least = Math.Min(least, table[i - 2, j - 2] + 1);
                table[i, j] = least;
            }
        }
        return table[a.Length, b.Length];
    }
}
