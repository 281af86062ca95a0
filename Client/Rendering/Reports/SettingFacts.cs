using System.Text.Json.Nodes;
using ExplicitCluster.Abstractions.Specifications;

namespace ExplicitCluster.Client.Rendering.Reports;

/// <summary>
/// A job's specification as a list of settings and values, named as model.json names them; what is empty or not in use is left out, and so are the
/// feature maps, which <see cref="ModelView.FeaturesOf"/> puts into words.
/// </summary>
internal static class SettingFacts
{
    public static IReadOnlyList<(string Name, string Value)> Of(JobSpecification specification)
    {
        var facts = new List<(string, string)>();
        var tree = JsonNode.Parse(JsonText.Of(specification))!.AsObject();
        tree.Remove("features");
        Thin(tree, specification.Refine.Method);
        foreach (var (layer, settings) in specification.Layers.Zip(tree["layers"]?.AsArray() ?? []))
            Thin(settings!.AsObject(), layer.Refine.Method);
        Add(facts, "", tree);
        return facts;
    }

    private static void Thin(JsonObject settings, RefineMethod method)
    {
        var refine = settings["refine"]!.AsObject();
        foreach (var unused in Unused(method))
            refine.Remove(unused);
    }

    private static string[] Unused(RefineMethod method) => method switch
    {
        RefineMethod.Sweeps => ["averaging"],
        RefineMethod.Averaging => ["sweeps"],
        _ => ["averaging", "sweeps", "workers"],
    };

    private static void Add(List<(string, string)> facts, string path, JsonNode? node)
    {
        switch (node)
        {
            case null or JsonArray { Count: 0 }:
                break;
            case JsonObject inner:
                foreach (var (name, value) in inner)
                    Add(facts, path.Length == 0 ? name : $"{path}.{name}", value);
                break;
            case JsonArray list when list.All(item => item is JsonValue):
                facts.Add((path, string.Join(", ", list.Select(item => item!.ToString()))));
                break;
            case JsonArray list:
                for (var i = 0; i < list.Count; i++)
                    Add(facts, $"{path}[{i}]", list[i]);
                break;
            default:
                facts.Add((path, node.ToString()));
                break;
        }
    }
}
