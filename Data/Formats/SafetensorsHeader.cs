using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;

namespace ExplicitCluster.Data.Formats;

/// <summary>The JSON header of a safetensors file.</summary>
internal static class SafetensorsHeader
{
    private const string Metadata = "__metadata__";
    private const int MaxDimensions = 64;

    /// <summary>A tensor and where its data lies, counted from the end of the header.</summary>
    internal sealed record Place(string Name, TensorType Type, ImmutableArray<long> Shape, long Offset, int Length);

    public static int SizeOf(TensorType type) => type switch
    {
        TensorType.F64 or TensorType.U64 => 8,
        TensorType.F32 or TensorType.I32 => 4,
        TensorType.U16 => 2,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "F32, F64, I32, U16 or U64 was expected"),
    };

    /// <param name="tensors">In ordinal order of their names.</param>
    /// <param name="metadata">Free text; left out where empty.</param>
    public static byte[] Encode(Tensor[] tensors, IReadOnlyDictionary<string, string> metadata)
    {
        foreach (var tensor in tensors)
        {
            if (LengthOf(tensor.Type, tensor.Shape) is var length && length != tensor.Data.Length)
                throw new ArgumentException($"Tensor {tensor.Name} has {tensor.Data.Length} bytes; its shape [{string.Join(", ", tensor.Shape)}] needs {length}", nameof(tensors));
        }
        return Encode(Array.ConvertAll(tensors, tensor => new TensorStream(tensor.Name, tensor.Type, tensor.Shape, null!)), metadata);
    }

    /// <param name="tensors">In ordinal order of their names.</param>
    /// <param name="metadata">Free text; left out where empty.</param>
    public static byte[] Encode(TensorStream[] tensors, IReadOnlyDictionary<string, string> metadata)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            if (metadata.Count > 0)
            {
                json.WriteStartObject(Metadata);
                foreach (var (key, value) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal)) json.WriteString(key, value);
                json.WriteEndObject();
            }
            var offset = 0L;
            for (var i = 0; i < tensors.Length; i++)
            {
                if (i > 0 && tensors[i].Name == tensors[i - 1].Name) throw new ArgumentException($"Two tensors are named {tensors[i].Name}", nameof(tensors));
                offset = Encode(json, tensors[i], offset);
            }
            json.WriteEndObject();
        }
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Places in the order of the data, which they cover without gap or overlap.</summary>
    /// <exception cref="InvalidDataException">They do not, or sizes do not fit shapes; the message says what was expected.</exception>
    public static IReadOnlyList<Place> Decode(ReadOnlyMemory<byte> header, long dataLength)
    {
        using var document = JsonDocument.Parse(header, new JsonDocumentOptions { MaxDepth = 8 });
        var places = new List<Place>();
        foreach (var property in document.RootElement.EnumerateObject())
        {
            if (property.Name != Metadata) places.Add(Decode(property, dataLength));
        }
        // An empty tensor comes before the one that starts where it lies.
        places.Sort((a, b) => (a.Offset, a.Length) != (b.Offset, b.Length)
            ? (a.Offset, a.Length).CompareTo((b.Offset, b.Length))
            : string.CompareOrdinal(a.Name, b.Name));
        var end = 0L;
        foreach (var place in places)
        {
            if (place.Offset != end) throw new InvalidDataException("tensors without gap or overlap");
            end += place.Length;
        }
        if (end != dataLength) throw new InvalidDataException($"{end} bytes of data");
        if (places.Select(place => place.Name).Distinct(StringComparer.Ordinal).Count() != places.Count) throw new InvalidDataException("each name once");
        return places;
    }

    private static long Encode(Utf8JsonWriter json, TensorStream tensor, long offset)
    {
        if (tensor.Name.Length == 0 || tensor.Name == Metadata) throw new ArgumentException($"A tensor cannot be named '{tensor.Name}'", nameof(tensor));
        if (tensor.Shape.Length > MaxDimensions) throw new ArgumentException($"Tensor {tensor.Name} has more than {MaxDimensions} dimensions", nameof(tensor));
        var length = LengthOf(tensor.Type, tensor.Shape);
        json.WriteStartObject(tensor.Name);
        json.WriteString("dtype", tensor.Type.ToString());
        json.WriteStartArray("shape");
        foreach (var dimension in tensor.Shape) json.WriteNumberValue(dimension);
        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(offset);
        json.WriteNumberValue(offset + length);
        json.WriteEndArray();
        json.WriteEndObject();
        return offset + length;
    }

    private static Place Decode(JsonProperty property, long dataLength)
    {
        var value = property.Value;
        var dtype = value.GetProperty("dtype").GetString();
        if (dtype is not (nameof(TensorType.F32) or nameof(TensorType.F64) or nameof(TensorType.I32) or nameof(TensorType.U16) or nameof(TensorType.U64))) throw new InvalidDataException("dtype F32, F64, I32, U16 or U64");
        var type = Enum.Parse<TensorType>(dtype);
        if (value.GetProperty("shape").GetArrayLength() > MaxDimensions) throw new InvalidDataException($"at most {MaxDimensions} dimensions");
        ImmutableArray<long> shape = [.. value.GetProperty("shape").EnumerateArray().Select(dimension => dimension.GetInt64())];
        var offsets = value.GetProperty("data_offsets");
        if (offsets.GetArrayLength() != 2) throw new InvalidDataException("two data_offsets");
        var (start, end) = (offsets[0].GetInt64(), offsets[1].GetInt64());
        if (start < 0 || end < start || end > dataLength || end - start > Array.MaxLength)
            throw new InvalidDataException("data_offsets within the file, at most 2 GB apart");
        if (shape.Any(dimension => dimension < 0) || LengthOf(type, shape) != end - start) throw new InvalidDataException("data as long as its shape says");
        return new Place(property.Name, type, shape, start, (int)(end - start));
    }

    public static long LengthOf(TensorType type, ImmutableArray<long> shape)
    {
        var length = (long)SizeOf(type);
        foreach (var dimension in shape) length = checked(length * dimension);
        return length;
    }
}
