using System.Buffers;

namespace ExplicitCluster.Data.Store;

/// <summary>What may name an artifact, on every medium.</summary>
public static class ArtifactName
{
    private const int MaxLength = 900;
    private const int MaxSegment = 200;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-");

    /// <summary>Throws unless the name is segments of <c>[a-zA-Z0-9._-]</c> joined by '/', none empty and none starting with a dot.</summary>
    /// <exception cref="ArgumentException">The name is not valid; the message says why.</exception>
    public static void Check(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name.Length > MaxLength) throw Invalid(name, $"has {name.Length} characters, {MaxLength} are allowed");
        foreach (var range in name.AsSpan().Split('/'))
        {
            var segment = name.AsSpan(range);
            if (segment.IsEmpty) throw Invalid(name, "has an empty segment");
            if (segment.Length > MaxSegment) throw Invalid(name, $"has a segment of {segment.Length} characters, {MaxSegment} are allowed");
            if (segment[0] == '.') throw Invalid(name, "has a segment that starts with a dot");
            if (segment.ContainsAnyExcept(Allowed)) throw Invalid(name, "has a character other than a-z, A-Z, 0-9, '.', '_', '-' and '/'");
        }
    }

    private static ArgumentException Invalid(string name, string why) =>
        new($"Artifact name '{(name.Length > 80 ? name[..80] + "..." : name)}' {why}.", nameof(name));
}
