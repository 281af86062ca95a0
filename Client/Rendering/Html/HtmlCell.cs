namespace ExplicitCluster.Client.Rendering.Html;

/// <summary>A cell of a table: its text, and how strongly it is shaded.</summary>
/// <param name="Text">As it is; the page escapes it.</param>
/// <param name="Shade">0 for none to 1.</param>
public readonly record struct HtmlCell(string Text, double Shade = 0)
{
    public static implicit operator HtmlCell(string text) => new(text);
}
