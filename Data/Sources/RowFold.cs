using System.IO.Hashing;
using System.Text;
using ExplicitCluster.Abstractions.Shards;
using ExplicitCluster.Data.Documents;

namespace ExplicitCluster.Data.Sources;

/// <summary>
/// The fold of a row, 0 to 9 unless another number of folds is asked for: XxHash3-64 of its raw bytes and then its label in UTF-8, mod 10. A function of the row alone, so that it moves with no cut, order or
/// source, and equal rows are always together. Fold 9 is held out where a job holds rows out.
/// </summary>
public static class RowFold
{
    public const int Count = 10;
    public const int HeldOut = 9;

    private const long Seed = 10;

    /// <param name="row">The values as they are stored: bytes, little-endian float32, or the UTF-8 of a text.</param>
    /// <param name="label">The label's UTF-8.</param>
    /// <param name="count">Number of folds: folds of a divisor of 10 are unions of those of 10.</param>
    public static int Of(ReadOnlySpan<byte> row, ReadOnlySpan<byte> label, int count = Count)
    {
        var hash = new XxHash3(Seed);
        hash.Append(row);
        hash.Append(label);
        return (int)(hash.GetCurrentHashAsUInt64() % (ulong)count);
    }

    /// <summary>Of each document whether it is in the fold that is held out; one without a label counts by its text alone.</summary>
    public static bool[] AreHeldOut(SourceManifest source, DocumentChunk documents)
    {
        var labels = source.Labels.Select(Encoding.UTF8.GetBytes).ToArray();
        var heldOut = new bool[documents.Count];
        for (var m = 0; m < heldOut.Length; m++)
            heldOut[m] = Of(documents[m], documents.Labels.Length == 0 ? [] : labels[documents.Labels[m]]) == HeldOut;
        return heldOut;
    }

    /// <summary>Of each row, which has a label, whether it is in the fold that is held out.</summary>
    public static bool[] AreHeldOut(SourceManifest source, LabelledRows rows) => Array.ConvertAll(FoldsOf(source, rows, Count), fold => fold == HeldOut);

    /// <summary>The fold of each row, which has a label.</summary>
    public static int[] FoldsOf(SourceManifest source, LabelledRows rows, int count)
    {
        var labels = source.Labels.Select(Encoding.UTF8.GetBytes).ToArray();
        var folds = new int[rows.Labels.Length];
        for (var m = 0; m < folds.Length; m++)
            folds[m] = Of(rows.Rows.Row(m), labels[rows.Labels[m]], count);
        return folds;
    }
}
