using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CsCheck;
using ExplicitCluster.Data.Formats;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Testing;

namespace ExplicitCluster.Data.Tests.Formats;

public sealed class SafetensorsFileTests : IDisposable
{
    private const string Name = "models/m/weights.safetensors";
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly Dictionary<string, string> Metadata = new() { ["format"] = "pt", ["note"] = "a \"quoted\" ä" };

    private static readonly Gen<Tensor[]> Tensors =
        (from type in Gen.Enum<TensorType>()
         from shape in Gen.Long[0, 5].Array[0, 4]
         from seed in Gen.Int
         select Random("", type, shape, seed))
        .Array[0, 6].Select(tensors => tensors.Select((tensor, i) => tensor with { Name = $"block.{(i * 7) % 10}" }).ToArray());

    private readonly TemporaryFolder _folder = new();
    private readonly FolderArtifactStore _store;

    public SafetensorsFileTests() => _store = new FolderArtifactStore(_folder.Path);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_is_written_comes_back_bit_for_bit_and_by_an_independent_reader()
    {
        await Tensors.SampleAsync(async tensors =>
        {
            var hash = await WriteAsync(tensors);
            var read = await SafetensorsFile.ReadAsync(_store, Name, hash, None);
            var sorted = tensors.OrderBy(tensor => tensor.Name, StringComparer.Ordinal).ToArray();
            AssertSame(sorted, read);
            var content = await File.ReadAllBytesAsync(_folder[Name]);
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(content)), hash);
            AssertSame(sorted, ParseIndependently(content));
            Assert.Equal(WeightsHash.Of(tensors), WeightsHash.Of(read.Reverse()));
        }, iter: 100, threads: 1);
    }

    [Fact]
    public async Task Any_flipped_byte_and_any_other_length_is_refused()
    {
        var hash = await WriteAsync([Random("u", TensorType.F32, [7, 3], 1), Random("v", TensorType.U16, [5], 2)]);
        Task Check() => Assert.ThrowsAsync<ArtifactDamagedException>(() => SafetensorsFile.ReadAsync(_store, Name, hash, None));
        await Damage.ForEachByteAsync(_folder[Name], Check);
        await Damage.ForEachLengthAsync(_folder[Name], Check);
        Assert.Equal(2, (await SafetensorsFile.ReadAsync(_store, Name, hash.ToUpperInvariant(), None)).Count);
        await Assert.ThrowsAsync<ArtifactMissingException>(() => SafetensorsFile.ReadAsync(_store, "none", hash, None));
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[1000000000,1000000000,1000000000],"data_offsets":[0,4]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,8000000000]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""")]
    [InlineData("""{"a":{"dtype":"F64","shape":[1],"data_offsets":[0,4]}}""")]
    [InlineData("""{"a":{"dtype":"0","shape":[1],"data_offsets":[0,4]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1]}}""")]
    [InlineData("""{"a":{"shape":[1],"data_offsets":[0,4]}}""")]
    [InlineData("""{"a":5}""")]
    [InlineData("""[1]""")]
    [InlineData("""{"a":""")]
    [InlineData("""{"a":{"dtype":"U16","shape":[1],"data_offsets":[0,2]},"b":{"dtype":"U16","shape":[2],"data_offsets":[0,4]}}""")]
    [InlineData("""{"a":{"dtype":"U16","shape":[1],"data_offsets":[0,2]},"a":{"dtype":"U16","shape":[1],"data_offsets":[2,4]}}""")]
    public async Task A_header_that_does_not_fit_its_file_is_refused_even_with_the_right_hash(string header)
    {
        var text = Encoding.UTF8.GetBytes(header);
        var content = new byte[8 + text.Length + 4];
        BinaryPrimitives.WriteInt64LittleEndian(content, text.Length);
        text.CopyTo(content.AsSpan(8));
        _folder.Write(Name, content);
        await Assert.ThrowsAsync<ArtifactDamagedException>(
            () => SafetensorsFile.ReadAsync(_store, Name, Convert.ToHexStringLower(SHA256.HashData(content)), None));
    }

    [Fact]
    public async Task Tensors_that_cannot_be_written_are_refused()
    {
        var tensor = Random("a", TensorType.I32, [2], 1);
        await Assert.ThrowsAsync<ArgumentException>(() => WriteAsync([tensor, tensor]));
        await Assert.ThrowsAsync<ArgumentException>(() => WriteAsync([tensor with { Name = "__metadata__" }]));
        await Assert.ThrowsAsync<ArgumentException>(() => WriteAsync([tensor with { Shape = [3] }]));
    }

    [Fact]
    public void The_weights_hash_is_pinned_and_depends_on_name_type_shape_and_data()
    {
        var tensor = new Tensor("u", TensorType.F32, [2], new byte[] { 1, 2, 3, 4, 5, 6, 7, 8 });
        byte[] layout = [1, 0, 0, 0, (byte)'u', .. "F32"u8, 1, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8];
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(layout)), WeightsHash.Of([tensor]));
        string[] hashes =
        [
            WeightsHash.Of([tensor]), WeightsHash.Of([tensor with { Name = "v" }]), WeightsHash.Of([tensor with { Type = TensorType.I32 }]),
            WeightsHash.Of([tensor with { Shape = [2, 1] }]), WeightsHash.Of([tensor with { Data = new byte[8] }]), WeightsHash.Of([]),
        ];
        Assert.Equal(hashes.Length, hashes.Distinct().Count());
    }

    private static Tensor Random(string name, TensorType type, long[] shape, int seed)
    {
        var data = new byte[shape.Aggregate(1L, (a, b) => a * b) * (type switch { TensorType.U16 => 2, TensorType.F64 or TensorType.U64 => 8, _ => 4 })];
        new Random(seed).NextBytes(data);
        return new Tensor(name, type, [.. shape], data);
    }

    /// <summary>Follows the published format and shares nothing with the product.</summary>
    private static List<Tensor> ParseIndependently(byte[] content)
    {
        var headerLength = (int)BitConverter.ToUInt64(content, 0);
        Assert.Equal(0, headerLength % 8);
        using var header = JsonDocument.Parse(Encoding.UTF8.GetString(content, 8, headerLength));
        var tensors = new List<Tensor>();
        foreach (var property in header.RootElement.EnumerateObject())
        {
            if (property.Name == "__metadata__")
            {
                Assert.Equal(Metadata, property.Value.Deserialize<Dictionary<string, string>>());
                continue;
            }
            var offsets = property.Value.GetProperty("data_offsets").Deserialize<int[]>()!;
            var shape = property.Value.GetProperty("shape").Deserialize<long[]>()!.ToImmutableArray();
            var type = property.Value.GetProperty("dtype").GetString() switch { "F32" => TensorType.F32, "F64" => TensorType.F64, "I32" => TensorType.I32, "U64" => TensorType.U64, _ => TensorType.U16 };
            tensors.Add(new Tensor(property.Name, type, shape, content.AsMemory((8 + headerLength + offsets[0])..(8 + headerLength + offsets[1]))));
        }
        return tensors;
    }

    private static void AssertSame(IReadOnlyList<Tensor> expected, IReadOnlyList<Tensor> seen)
    {
        Assert.Equal(expected.Select(tensor => (tensor.Name, tensor.Type)), seen.Select(tensor => (tensor.Name, tensor.Type)));
        for (var i = 0; i < expected.Count; i++)
        {
            Assert.Equal(expected[i].Shape.AsEnumerable(), seen[i].Shape);
            Assert.True(expected[i].Data.Span.SequenceEqual(seen[i].Data.Span));
        }
    }

    private Task<string> WriteAsync(Tensor[] tensors) => SafetensorsFile.WriteAsync(_store, Name, tensors, Metadata, None);
}
