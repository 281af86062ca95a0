namespace ExplicitCluster.Client.Rendering.Html;

/// <summary>A table of a page. The first column holds names, the others figures, aligned right.</summary>
/// <param name="Columns">Heads; none for a list of facts, which is aligned left.</param>
/// <param name="Rows">As many cells each as there are heads.</param>
public sealed record HtmlTable(IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<HtmlCell>> Rows)
{
    /// <summary>Names and what they are.</summary>
    public static HtmlTable OfFacts(params IEnumerable<(string Name, string Value)> facts) =>
        new([], [.. facts.Select(fact => (IReadOnlyList<HtmlCell>)[fact.Name, fact.Value])]);
}
