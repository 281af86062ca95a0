using System.Collections.Immutable;
using ExplicitCluster.Client.Commands;
using ExplicitCluster.Client.Specifications;

namespace ExplicitCluster.Client.Slices;

/// <summary>What a source's tag must be: one of some values, or in a range of which both ends count and either may be open.</summary>
/// <param name="Text">As it was given.</param>
/// <param name="Key">The tag's key.</param>
/// <param name="Values">The values; none of a range.</param>
/// <param name="From">Least value of a range; null where it is open.</param>
/// <param name="To">Greatest value of a range; null where it is open.</param>
internal sealed record TagCondition(string Text, string Key, ImmutableArray<string> Values, string? From, string? To)
{
    public const string Grammar = "KEY=VALUE, KEY=VALUE,VALUE or KEY=FROM..TO";

    private const string Range = "..";

    public bool IsRange => Values.IsEmpty;

    /// <exception cref="UsageException">It is no condition.</exception>
    public static TagCondition Parse(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        var (key, rest) = equals < 0 ? (text, "") : (text[..equals].Trim(), text[(equals + 1)..].Trim());
        if (equals < 0 || !TagSection.IsKey(key))
            throw Wrong(text, equals < 0 ? "has no '='" : $"has the key {Quoted.Of(key)}, which is none");
        if (rest.IndexOf(Range, StringComparison.Ordinal) is >= 0 and var at)
        {
            var (from, to) = (rest[..at].Trim(), rest[(at + Range.Length)..].Trim());
            if (from.Length + to.Length == 0 || new[] { from, to }.Any(end => end.Length > 0 && !TagSection.IsValue(end)))
                throw Wrong(text, "is no range");
            return new TagCondition(text, key, [], from.Length == 0 ? null : from, to.Length == 0 ? null : to);
        }
        var values = rest.Split(',', StringSplitOptions.TrimEntries);
        return values.All(TagSection.IsValue) ? new TagCondition(text, key, [.. values.Distinct()], null, null) : throw Wrong(text, "has an empty value, or one that is too long");
    }

    public bool Holds(string value, TagOrder order) => IsRange
        ? (From is null || order.Compare(From, value) <= 0) && (To is null || order.Compare(value, To) <= 0)
        : Values.Contains(value);

    private static UsageException Wrong(string text, string what) =>
        new($"--where {Quoted.Of(text)} {what}; expected {Grammar}", "e.g. --where tenant=a --where day=2026-11-01..2026-11-07");
}
