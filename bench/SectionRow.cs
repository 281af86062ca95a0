namespace ExplicitCluster.Bench;

/// <summary>A package of Debian: the section it is in, its name, and its name and description as words.</summary>
internal sealed record SectionRow(string Label, string Package, string Text);
