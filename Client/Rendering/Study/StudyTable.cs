namespace ExplicitCluster.Client.Rendering.Study;

/// <summary>A table of a study's report: for the console, the page and Markdown.</summary>
internal sealed record StudyTable(string Title, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows);
