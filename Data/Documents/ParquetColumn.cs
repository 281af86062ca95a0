using System.Globalization;
using System.Text;
using Parquet;
using Parquet.Schema;

namespace ExplicitCluster.Data.Documents;

/// <summary>A column of a Parquet file whose values are read as UTF-8, numbers as they are written.</summary>
/// <param name="Name">Its path.</param>
/// <param name="Index">Among the file's columns.</param>
internal abstract record ParquetColumn(string Name, int Index)
{
    /// <summary>Null where values of its type have no text.</summary>
    public static ParquetColumn? Of(DataField field, int index)
    {
        if (field.IsArray || field.MaxRepetitionLevel > 0) return null;
        if (field.ClrType == typeof(ReadOnlyMemory<char>)) return new Values<ReadOnlyMemory<char>>(field, index, Utf8Of);
        if (field.ClrType == typeof(ReadOnlyMemory<byte>)) return new Values<ReadOnlyMemory<byte>>(field, index, value => value.ToArray());
        return Type.GetTypeCode(field.ClrType) switch
        {
            TypeCode.Boolean => new Values<bool>(field, index, value => value ? "true"u8.ToArray() : "false"u8.ToArray()),
            TypeCode.SByte => new Values<sbyte>(field, index, NumberOf),
            TypeCode.Byte => new Values<byte>(field, index, NumberOf),
            TypeCode.Int16 => new Values<short>(field, index, NumberOf),
            TypeCode.UInt16 => new Values<ushort>(field, index, NumberOf),
            TypeCode.Int32 => new Values<int>(field, index, NumberOf),
            TypeCode.UInt32 => new Values<uint>(field, index, NumberOf),
            TypeCode.Int64 => new Values<long>(field, index, NumberOf),
            TypeCode.UInt64 => new Values<ulong>(field, index, NumberOf),
            TypeCode.Single => new Values<float>(field, index, NumberOf),
            TypeCode.Double => new Values<double>(field, index, NumberOf),
            _ => null,
        };
    }

    /// <summary>(rows) values; null where there is none.</summary>
    public abstract Task<byte[]?[]> ReadAsync(ParquetRowGroupReader group, int rows, CancellationToken ct);

    private static byte[] NumberOf<T>(T value) where T : IFormattable => Encoding.ASCII.GetBytes(value.ToString(null, CultureInfo.InvariantCulture));

    private static byte[] Utf8Of(ReadOnlyMemory<char> text)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(text.Span)];
        Encoding.UTF8.GetBytes(text.Span, bytes);
        return bytes;
    }

    private sealed record Values<T>(DataField Field, int At, Func<T, byte[]> BytesOf) : ParquetColumn(Field.Path.ToString(), At) where T : struct
    {
        public override async Task<byte[]?[]> ReadAsync(ParquetRowGroupReader group, int rows, CancellationToken ct)
        {
            if (!Field.IsNullable)
            {
                var all = new T[rows];
                await group.ReadAsync(Field, all.AsMemory(), cancellationToken: ct);
                return Array.ConvertAll(all, value => BytesOf(value));
            }
            var values = new T?[rows];
            await group.ReadAsync(Field, values.AsMemory(), cancellationToken: ct);
            return Array.ConvertAll(values, value => value is { } given ? BytesOf(given) : null);
        }
    }
}
