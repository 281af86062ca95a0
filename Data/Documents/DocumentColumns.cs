namespace ExplicitCluster.Data.Documents;

/// <summary>Where a line's text, label and weight are: columns from 0 of a delimited file; of other formats only whether there are any.</summary>
/// <param name="Count">Fields a line; 0 where lines have none.</param>
/// <param name="Text">The text.</param>
/// <param name="Label">The label; -1 without.</param>
/// <param name="Weight">The weight; -1 without.</param>
internal sealed record DocumentColumns(int Count, int Text, int Label, int Weight)
{
    public bool HasLabels => Label >= 0;

    public bool HasWeights => Weight >= 0;
}
