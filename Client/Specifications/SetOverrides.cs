using System.Globalization;

namespace ExplicitCluster.Client.Specifications;

/// <summary>
/// Lays overrides (<c>--set path=value</c>) over a specification before it is validated, in their order. A path is keys and list indices
/// joined by dots; the value is YAML, and <c>null</c> removes the key. Where the specification allows one thing or a list of them, index 0
/// also means the only one.
/// </summary>
internal sealed class SetOverrides(ProblemList problems)
{
    private const string Example = "expected path=value, e.g. --set solve.alpha=0.1";

    /// <summary>Paths that take one thing or a list of them.</summary>
    private static readonly string[] OneOrMany = ["features", "data.train", "data.test"];

    public void Apply(MappingNode root, IReadOnlyList<string> sets)
    {
        foreach (var set in sets)
        {
            var origin = new Origin($"--set {Quoted.Escape(set)}", null);
            var equals = set.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0)
            {
                problems.Add(origin, $"there is no '='; {Example}");
                continue;
            }
            var path = set[..equals].Trim().Split('.');
            if (path.Any(string.IsNullOrWhiteSpace))
                problems.Add(origin, $"the path has an empty part; {Example}");
            else if (SpecificationTree.ReadValue(set[(equals + 1)..], origin, problems) is { } value)
                Put(root, path, value);
        }
    }

    private void Put(MappingNode root, string[] path, Node value)
    {
        Node node = root;
        for (var depth = 0; depth < path.Length; depth++)
        {
            var parent = string.Join('.', path[..depth]);
            var isOneOrMany = OneOrMany.Contains(parent);
            var isIndex = int.TryParse(path[depth], NumberStyles.None, CultureInfo.InvariantCulture, out var index);
            if (node is MappingNode && isOneOrMany && isIndex)
            {
                if (index > 0)
                {
                    problems.Add(
                        value.Origin, $"'{parent}' is one mapping and has no item {index}; write a list in the file to have several");
                    return;
                }
                if (depth < path.Length - 1)
                    continue;
                Put(root, path[..depth], value);
                return;
            }
            var isLast = depth == path.Length - 1;
            var next = node switch
            {
                MappingNode mapping when isLast => PutKey(mapping, path[depth], value),
                MappingNode mapping => Descend(mapping, path, depth, value.Origin),
                ListNode list when isIndex && index <= list.Items.Count && isLast => PutItem(list, index, value),
                ListNode list when isIndex && index <= list.Items.Count => Descend(list, index, parent == "features", value.Origin),
                ListNode list => Refuse(value.Origin, $"'{parent}' is a list of {list.Items.Count}, and '{path[depth]}' is no index of it; "
                    + $"expected an index from 0, e.g. {parent}.0{(isIndex ? "" : $".{path[depth]}")}"),
                _ => Refuse(value.Origin, $"'{parent}' is {node.Describe()} and has nothing inside; set '{parent}' as a whole"),
            };
            if (next is null)
                return;
            node = next;
        }
    }

    private static Node? PutKey(MappingNode mapping, string key, Node value)
    {
        if (value is ScalarNode { IsNull: true, IsEmpty: false })
            mapping.Entries.RemoveAll(entry => entry.Key == key);
        else
            mapping.Put(new Entry(key, value.Origin, value));
        return null;
    }

    private static Node Descend(MappingNode mapping, string[] path, int depth, Origin origin)
    {
        var here = string.Join('.', path[..(depth + 1)]);
        var entry = mapping.Find(path[depth]);
        if (entry is null or { Value: ScalarNode { IsNull: true } })
        {
            entry = new Entry(path[depth], origin, new MappingNode(origin));
            mapping.Put(entry);
        }
        else if (here == "features" && entry.Value is ScalarNode)
        {
            entry = entry with { Value = WithMap(entry.Value) };
            mapping.Put(entry);
        }
        return entry.Value;
    }

    private static Node? PutItem(ListNode list, int index, Node value)
    {
        if (index == list.Items.Count)
            list.Items.Add(value);
        else if (value is ScalarNode { IsNull: true, IsEmpty: false })
            list.Items.RemoveAt(index);
        else
            list.Items[index] = value;
        return null;
    }

    private static Node Descend(ListNode list, int index, bool isMap, Origin origin)
    {
        if (index == list.Items.Count)
            list.Items.Add(new MappingNode(origin));
        else if (isMap && list.Items[index] is ScalarNode bare)
            list.Items[index] = WithMap(bare);
        return list.Items[index];
    }

    /// <summary>A bare map, <c>features: pixels</c>, written out, so that its settings can be set.</summary>
    private static MappingNode WithMap(Node map)
    {
        var mapping = new MappingNode(map.Origin);
        mapping.Put(new Entry("map", map.Origin, map));
        return mapping;
    }

    private Node? Refuse(Origin origin, string message)
    {
        problems.Add(origin, message);
        return null;
    }
}
