using System.Buffers.Binary;
using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Specifications;

namespace ExplicitCluster.Bench;

/// <summary>
/// The training images several times over as sources, plain IDX files in a temporary folder. Each source begins at another row, so that no two have the same content:
/// statistics of the same rows would be counted once and reused.
/// </summary>
internal sealed class RotatedImages : IDisposable
{
    private const int Side = 28;

    private readonly DirectoryInfo _folder;

    /// <param name="data">The images.</param>
    /// <param name="folder">Where sources are written.</param>
    /// <param name="sources">Number of sources.</param>
    /// <param name="copies">How often a source has all images.</param>
    public RotatedImages(BenchData data, string folder, int sources, int copies = 1)
    {
        _folder = Directory.CreateDirectory(folder);
        Sources = In(_folder.FullName, sources);
        for (var source = 0; source < sources; source++)
            Write(data, Sources[source], BenchData.Rows / sources * source, copies);
    }

    public ImmutableArray<SourceSpecification> Sources { get; }

    /// <summary>So many sources in a folder.</summary>
    public static ImmutableArray<SourceSpecification> In(string folder, int sources) => [.. Enumerable.Range(0, sources).Select(source => new SourceSpecification
    {
        Format = SourceFormat.Idx,
        Images = Path.Combine(folder, $"images-{source}"),
        Labels = Path.Combine(folder, $"labels-{source}"),
    })];

    public void Dispose() => _folder.Delete(recursive: true);

    private static void Write(BenchData data, SourceSpecification source, int firstRow, int copies)
    {
        using var images = File.Create(source.Images!);
        using var labels = File.Create(source.Labels!);
        images.Write(Header(0x803, copies * BenchData.Rows, Side, Side));
        labels.Write(Header(0x801, copies * BenchData.Rows));
        byte[] names = [.. data.Labels.Skip(firstRow).Concat(data.Labels.Take(firstRow)).Select(label => (byte)label)];
        for (var copy = 0; copy < copies; copy++)
        {
            images.Write(data.Images.AsSpan(firstRow * BenchData.Columns));
            images.Write(data.Images.AsSpan(0, firstRow * BenchData.Columns));
            labels.Write(names);
        }
    }

    private static byte[] Header(params ReadOnlySpan<int> numbers)
    {
        var header = new byte[numbers.Length * sizeof(int)];
        for (var i = 0; i < numbers.Length; i++)
            BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(i * sizeof(int)), numbers[i]);
        return header;
    }
}
