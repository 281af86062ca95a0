using System.Buffers;

namespace ExplicitCluster.Data.Store;

/// <summary>What may name an artifact, on every medium.</summary>
public static class ArtifactName
{
    private const int MaxLength = 900;
    private const int MaxSegment = 200;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-");

    /// <summary>Whether the name is segments of <c>[a-zA-Z0-9._-]</c> joined by '/', none empty and none starting with a dot.</summary>
    public static bool IsValid(string name) => Fault(name) is null;

    /// <summary>Throws unless <see cref="IsValid"/>.</summary>
    /// <exception cref="ArgumentException">The name is not valid; the message says why.</exception>
    public static void Check(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (Fault(name) is { } fault) throw new ArgumentException($"Artifact name '{(name.Length > 80 ? name[..80] + "..." : name)}' {fault}.", nameof(name));
    }

    private static string? Fault(string name)
    {
        if (name.Length > MaxLength) return $"has {name.Length} characters, {MaxLength} are allowed";
        foreach (var range in name.AsSpan().Split('/'))
        {
            var segment = name.AsSpan(range);
            if (segment.IsEmpty) return "has an empty segment";
            if (segment.Length > MaxSegment) return $"has a segment of {segment.Length} characters, {MaxSegment} are allowed";
            if (segment[0] == '.') return "has a segment that starts with a dot";
            if (segment.ContainsAnyExcept(Allowed)) return "has a character other than a-z, A-Z, 0-9, '.', '_', '-' and '/'";
        }
        return null;
    }
}
