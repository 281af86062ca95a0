using System.Buffers.Binary;
using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Specifications;

namespace ExplicitCluster.Bench;

/// <summary>
/// Copies of the training images as sources of their own, plain IDX files in a temporary folder. Each copy begins at another row, so that no two have the same content:
/// statistics of the same rows would be counted once and reused.
/// </summary>
internal sealed class RotatedImages : IDisposable
{
    private const int Side = 28;

    private readonly DirectoryInfo _folder;

    public RotatedImages(BenchData data, string folder, int copies)
    {
        _folder = Directory.CreateDirectory(folder);
        Sources = In(_folder.FullName, copies);
        for (var copy = 0; copy < copies; copy++)
            Write(data, Sources[copy], BenchData.Rows / copies * copy);
    }

    public ImmutableArray<SourceSpecification> Sources { get; }

    /// <summary>The sources that so many copies in a folder make.</summary>
    public static ImmutableArray<SourceSpecification> In(string folder, int copies) => [.. Enumerable.Range(0, copies).Select(copy => new SourceSpecification
    {
        Format = SourceFormat.Idx,
        Images = Path.Combine(folder, $"images-{copy}"),
        Labels = Path.Combine(folder, $"labels-{copy}"),
    })];

    public void Dispose() => _folder.Delete(recursive: true);

    private static void Write(BenchData data, SourceSpecification source, int firstRow)
    {
        using (var images = File.Create(source.Images!))
        {
            images.Write(Header(0x803, BenchData.Rows, Side, Side));
            images.Write(data.Images.AsSpan(firstRow * BenchData.Columns));
            images.Write(data.Images.AsSpan(0, firstRow * BenchData.Columns));
        }
        byte[] labels = [.. data.Labels.Skip(firstRow).Concat(data.Labels.Take(firstRow)).Select(label => (byte)label)];
        File.WriteAllBytes(source.Labels!, [.. Header(0x801, BenchData.Rows), .. labels]);
    }

    private static byte[] Header(params ReadOnlySpan<int> numbers)
    {
        var header = new byte[numbers.Length * sizeof(int)];
        for (var i = 0; i < numbers.Length; i++)
            BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(i * sizeof(int)), numbers[i]);
        return header;
    }
}
