using Parquet;
using Parquet.Schema;

namespace ExplicitCluster.Data.Tests.Documents;

/// <summary>Small Parquet files.</summary>
internal static class ParquetFile
{
    public static async Task<byte[]> OfAsync(IReadOnlyList<(string Text, string Label, float Weight)> rows, int groupRows, CompressionMethod compression = CompressionMethod.Snappy)
    {
        var (text, label, weight) = (new DataField<string>("the text"), new DataField<string>("label"), new DataField<float>("weight"));
        var id = new DataField<int>("id");
        return await WriteAsync(new ParquetSchema(id, label, weight, text), rows.Count, groupRows, compression, async (group, first, count) =>
        {
            await group.WriteAsync<int>(id, Enumerable.Range(first, count).ToArray());
            await group.WriteAsync(label, rows.Skip(first).Take(count).Select(row => row.Label).ToArray());
            await group.WriteAsync<float>(weight, rows.Skip(first).Take(count).Select(row => row.Weight).ToArray());
            await group.WriteAsync(text, rows.Skip(first).Take(count).Select(row => row.Text).ToArray());
        });
    }

    private static async Task<byte[]> WriteAsync(
        ParquetSchema schema, int rows, int groupRows, CompressionMethod compression, Func<ParquetRowGroupWriter, int, int, Task> write)
    {
        using var output = new MemoryStream();
        await using (var writer = await ParquetWriter.CreateAsync(schema, output, new ParquetOptions { CompressionMethod = compression }))
        {
            for (var first = 0; first < rows; first += groupRows)
            {
                using var group = writer.CreateRowGroup();
                await write(group, first, Math.Min(groupRows, rows - first));
                group.CompleteValidate();
            }
        }
        return output.ToArray();
    }
}
