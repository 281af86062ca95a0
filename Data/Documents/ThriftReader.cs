namespace ExplicitCluster.Data.Documents;

/// <summary>
/// Walks over what Parquet's metadata is written in (Thrift's compact protocol) and keeps only numbers: the library, which trusts lengths and takes a field's type
/// for granted, is then given none that cannot be true.
/// </summary>
internal ref struct ThriftReader(ReadOnlySpan<byte> data)
{
    private const int MaxDepth = 32;

    private readonly ReadOnlySpan<byte> _data = data;

    /// <summary>Bytes walked over so far.</summary>
    public int At { get; private set; }

    /// <summary>A struct; its numbers, and those of structs right within it, by <c>100 outer + inner</c>.</summary>
    /// <exception cref="InvalidDataException">A length that cannot be, structs too deep within each other, or a field of another type than its shape says.</exception>
    /// <exception cref="EndOfStreamException">The data ends within it.</exception>
    public Dictionary<int, long> ReadStruct(ThriftShape shape)
    {
        var numbers = new Dictionary<int, long>();
        Struct(shape, numbers, 0, 0);
        return numbers;
    }

    private void Struct(ThriftShape shape, Dictionary<int, long>? numbers, int outer, int depth)
    {
        if (depth > MaxDepth) throw new InvalidDataException("Structs too deep within each other.");
        for (var field = 0; ;)
        {
            var head = Byte();
            if (head == 0) return;
            field = head >> 4 == 0 ? (short)Number() : field + (head >> 4);
            var type = head & 15;
            if (!shape.Allows(field, type)) throw new InvalidDataException($"Field {field} has type {type}.");
            switch (type)
            {
                case 1 or 2:
                    // The type is the value.
                    break;
                case 4 or 5 or 6:
                    var number = Number();
                    if (numbers is not null) numbers[100 * outer + field] = number;
                    break;
                case 12:
                    Struct(shape.In(field), depth == 0 ? numbers : null, field, depth + 1);
                    break;
                default:
                    Value(shape, field, type, depth);
                    break;
            }
        }
    }

    private void Value(ThriftShape shape, int field, int type, int depth)
    {
        switch (type)
        {
            case 3:
                Skip(1);
                break;
            case 4 or 5 or 6:
                Number();
                break;
            case 7:
                Skip(8);
                break;
            case 8:
                Skip(Varint());
                break;
            case 9:
                List(shape, field, depth);
                break;
            case 12:
                Struct(shape.In(field), null, 0, depth + 1);
                break;
            default:
                // Sets, maps and what may come are in no file.
                throw new InvalidDataException($"Type {type} is not known.");
        }
    }

    private void List(ThriftShape shape, int field, int depth)
    {
        var head = Byte();
        var count = head >> 4 == 15 ? Varint() : (ulong)head >> 4;
        // Every element takes a byte at least.
        if (count > (ulong)(_data.Length - At) || depth >= MaxDepth) throw new InvalidDataException("A list longer than what is left, or too deep.");
        if (count > 0 && !shape.AllowsIn(field, head & 15)) throw new InvalidDataException($"Field {field} is a list of type {head & 15}.");
        for (var i = 0UL; i < count; i++) Value(shape, field, head & 15, depth + 1);
    }

    private byte Byte() => At < _data.Length ? _data[At++] : throw new EndOfStreamException();

    private void Skip(ulong count) => At = count <= (ulong)(_data.Length - At) ? At + (int)count : throw new EndOfStreamException();

    private long Number()
    {
        var zigzag = Varint();
        return (long)(zigzag >> 1) ^ -(long)(zigzag & 1);
    }

    private ulong Varint()
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var part = Byte();
            value |= (ulong)(part & 127) << shift;
            if (part < 128) return value;
        }
        throw new InvalidDataException("A number of more than 64 bits.");
    }
}
