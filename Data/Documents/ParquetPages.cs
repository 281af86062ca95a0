using Parquet.Meta;

namespace ExplicitCluster.Data.Documents;

/// <summary>Checks the pages of a column chunk before the library reads them: it takes the lengths that a damaged file gives for true.</summary>
internal static class ParquetPages
{
    private const int FirstWindow = 4 << 10;
    private const int LastWindow = 16 << 20;
    private const int MaxPage = 512 << 20;

    /// <param name="file">The file; its position afterwards is anywhere.</param>
    /// <param name="column">The chunk's metadata.</param>
    /// <param name="rows">Rows of the row group.</param>
    /// <exception cref="InvalidDataException">The pages are not what the metadata says.</exception>
    public static void Check(FileStream file, ColumnMetaData column, int rows)
    {
        if (column.NumValues != rows) throw new InvalidDataException($"{column.NumValues} values in {rows} rows.");
        var at = column.DictionaryPageOffset is > 0 and var dictionary ? Math.Min(dictionary, column.DataPageOffset) : column.DataPageOffset;
        if (at < 4 || column.TotalCompressedSize < 0 || column.TotalCompressedSize > file.Length - at) throw new InvalidDataException("The column lies outside of the file.");
        var end = at + column.TotalCompressedSize;
        var values = 0L;
        while (at < end && values < rows)
        {
            var (page, header) = ReadHeader(file, at, end);
            var (uncompressed, compressed) = (page.GetValueOrDefault(2), page.GetValueOrDefault(3));
            at += header + compressed;
            if (compressed < 0 || uncompressed is < 0 or > MaxPage || at > end) throw new InvalidDataException("A page's length cannot be.");
            // 5 and 8: data pages of either version; 7: a dictionary.
            var count = page.GetValueOrDefault(501) + page.GetValueOrDefault(801);
            if (count < 0 || page.GetValueOrDefault(701) is < 0 or > MaxPage) throw new InvalidDataException("A page's number of values cannot be.");
            values += count;
        }
        if (values != rows) throw new InvalidDataException($"Pages of {values} values in {rows} rows.");
    }

    private static (Dictionary<int, long> Numbers, int Length) ReadHeader(FileStream file, long at, long end)
    {
        for (var window = FirstWindow; ; window *= 16)
        {
            var bytes = new byte[Math.Min(window, end - at)];
            file.Position = at;
            file.ReadExactly(bytes);
            var reader = new ThriftReader(bytes);
            try
            {
                return (reader.ReadStruct(ThriftShape.Page), reader.At);
            }
            catch (EndOfStreamException) when (window < LastWindow && bytes.Length == window)
            {
                // It holds long statistics.
            }
        }
    }
}
