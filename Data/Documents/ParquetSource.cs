using ExplicitCluster.Abstractions.Shards;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Data.Formats;
using ExplicitCluster.Data.Sources;
using ExplicitCluster.Numerics.Encodings;

namespace ExplicitCluster.Data.Documents;

/// <summary>The first pass over a Parquet file with a column of texts: checks and hashes it, and writes its documents or in which row group each is.</summary>
internal static class ParquetSource
{
    /// <summary>Rows written together.</summary>
    private const int GroupRows = 4096;

    /// <summary>Reads the file to its end.</summary>
    /// <param name="source">The columns.</param>
    /// <param name="path">The file.</param>
    /// <param name="output">Where documents or index go.</param>
    /// <param name="decode">Whether documents are written; otherwise an index.</param>
    /// <param name="ct">Cancels between row groups.</param>
    public static async Task<DecodedSource> ReadAsync(SourceSpecification source, string path, Stream output, bool decode, CancellationToken ct)
    {
        using var input = SourceInput.Open(path);
        if (input.IsCompressed) throw new SourceException($"{path}: byte 0: a compressed file; expected Parquet, which is compressed within.", "Decompress the file.");
        var labels = new LabelCodes();
        await using var parquet = await ParquetDocuments.OpenAsync(source, path, labels, ct);
        var (writer, index, rows) = (new DocumentsFileWriter(output), new DocumentIndex(), 0L);
        var (bytes, longest, empty, mended) = (0L, 0, 0L, 0L);
        for (var group = 0; group < parquet.Groups; group++)
        {
            var documents = await parquet.ReadAsync(group, ct);
            if (documents.Rows.Count == 0) continue;
            index.Add(group, rows);
            mended += documents.Mended;
            rows += documents.Rows.Count;
            bytes += documents.Rows.Bytes;
            for (var row = 0; row < documents.Rows.Count; row++)
            {
                longest = Math.Max(longest, documents.Rows[row].Length);
                if (documents.Rows[row].IsEmpty) empty++;
            }
            for (var first = 0; decode && first < documents.Rows.Count; first += GroupRows)
                writer.WriteGroup(documents.Rows.Slice(first, Math.Min(GroupRows, documents.Rows.Count - first)));
        }
        if (rows == 0) throw new SourceException($"{path}: no rows; expected at least one.", SourceErrors.FetchAgain);
        var columns = parquet.Columns;
        if (decode) writer.Finish(new DocumentsFileHeader(rows, columns.HasLabels, columns.HasWeights, labels.Names));
        else index.Write(output, parquet.Groups, rows, columns);
        return new DecodedSource(new RowShape(0, 0, 0, IsBytes: true), rows, labels.Sorted(), columns.HasLabels, [input.Finish()], [], columns.Label)
        {
            Texts = new SourceTexts(bytes, longest, empty, mended, columns.HasWeights, IndexName: null),
            TextColumns = columns,
        };
    }
}
