namespace ExplicitCluster.Data.Formats;

/// <summary>What a file of documents says of itself.</summary>
/// <param name="Rows">Documents.</param>
/// <param name="HasLabels">Whether each has a label code.</param>
/// <param name="HasWeights">Whether each has a weight.</param>
/// <param name="LabelNames">Label names by code, in the order first seen.</param>
internal sealed record DocumentsFileHeader(long Rows, bool HasLabels, bool HasWeights, IReadOnlyList<string> LabelNames);
