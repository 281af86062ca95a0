namespace ExplicitCluster.Client.Rendering.Html;

/// <summary>A table of a page. The first column holds names, the others figures, aligned right.</summary>
/// <param name="Columns">Heads; none for a list of facts, which is aligned left.</param>
/// <param name="Rows">As many cells each as there are heads.</param>
public sealed record HtmlTable(IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<HtmlCell>> Rows)
{
    /// <summary>Columns beside the first that hold text and are aligned left.</summary>
    public IReadOnlyCollection<int> TextColumns { get; private init; } = [];

    /// <summary>The table with some columns as text.</summary>
    public HtmlTable WithText(params int[] columns) => this with { TextColumns = columns };

    public static IReadOnlyList<HtmlCell> Row(params IReadOnlyList<HtmlCell> cells) => cells;

    /// <summary>Names and what they are.</summary>
    public static HtmlTable OfFacts(params IEnumerable<(string Name, string Value)> facts) =>
        new([], [.. facts.Select(fact => (IReadOnlyList<HtmlCell>)[fact.Name, fact.Value])]);
}
