namespace ExplicitCluster.Numerics.Statistics;

/// <summary>The condition on labels: one a row, each a class.</summary>
internal static class LabelCheck
{
    /// <exception cref="ArgumentException">Labels and rows differ in number, or a label is not from 0 to classes - 1.</exception>
    public static void InRange(ReadOnlySpan<int> labels, int rows, int classes)
    {
        if (labels.Length != rows)
            throw new ArgumentException($"{rows} rows have {labels.Length} labels; expected one a row", nameof(labels));
        var outside = labels.IndexOfAnyExceptInRange(0, classes - 1);
        if (outside >= 0)
            throw new ArgumentException($"row {outside} has label {labels[outside]}, expected 0 to {classes - 1}", nameof(labels));
    }
}
