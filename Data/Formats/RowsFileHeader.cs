namespace ExplicitCluster.Data.Formats;

/// <summary>What a file of decoded rows says of itself.</summary>
/// <param name="Rows">Number of rows.</param>
/// <param name="BytesPerRow">Bytes of a row's values.</param>
/// <param name="GroupRows">Rows a group; the last group may have fewer.</param>
/// <param name="HasLabels">Whether each group ends with its rows' label codes.</param>
/// <param name="LabelNames">Label names by code, in the order first seen.</param>
internal sealed record RowsFileHeader(long Rows, int BytesPerRow, int GroupRows, bool HasLabels, IReadOnlyList<string> LabelNames)
{
    public int StoredRow => BytesPerRow + (HasLabels ? sizeof(int) : 0);

    public int Groups => checked((int)((Rows + GroupRows - 1) / GroupRows));

    public int RowsOf(int group) => (int)Math.Min(GroupRows, Rows - (long)group * GroupRows);
}
