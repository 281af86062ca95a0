using System.Collections.Immutable;

namespace ExplicitCluster.Data.Sources;

/// <summary>Numbers label names in the order in which they are first seen.</summary>
internal sealed class LabelCodes
{
    private readonly Dictionary<string, int> _codes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly List<string> _names = [];

    public LabelCodes() => _lookup = _codes.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Labels that are known already: the code of each is its index.</summary>
    public static LabelCodes Of(IEnumerable<string> names)
    {
        var labels = new LabelCodes();
        foreach (var name in names) labels.CodeOf(name);
        return labels;
    }

    /// <summary>Names by code.</summary>
    public IReadOnlyList<string> Names => _names;

    public int Count => _names.Count;

    public int CodeOf(ReadOnlySpan<char> name)
    {
        if (_lookup.TryGetValue(name, out var code)) return code;
        var text = name.ToString();
        _codes.Add(text, _names.Count);
        _names.Add(text);
        return _names.Count - 1;
    }

    /// <summary>The names in ordinal order, as a manifest lists them.</summary>
    public ImmutableArray<string> Sorted() => [.. _names.Order(StringComparer.Ordinal)];
}
