using System.Globalization;
using ExplicitCluster.Abstractions.Shards;
using ExplicitCluster.Data.Formats;
using ExplicitCluster.Numerics.Encodings;

namespace ExplicitCluster.Data.Sources;

/// <summary>The first pass over a pair of IDX files: checks, hashes and, where one is gzip, decodes them.</summary>
internal sealed class IdxSource : IDisposable
{
    private readonly SourceInput _images;
    private readonly SourceInput? _labels;
    private readonly IdxHeader _header;
    private readonly IdxHeader? _labelHeader;

    private IdxSource(SourceInput images, SourceInput? labels)
    {
        _images = images;
        _labels = labels;
        _header = IdxHeader.Read(images, dimensions: 3);
        if (labels is not null)
        {
            _labelHeader = IdxHeader.Read(labels, dimensions: 1);
            if (_labelHeader.Count != _header.Count)
            {
                throw new SourceException(
                    $"{labels.Path}: byte 4: {_labelHeader.Count} labels; expected {_header.Count}, the number of images in {images.Path}.",
                    "Name the labels that belong to these images.");
            }
            _labelHeader.CheckLength(labels);
        }
        _header.CheckLength(images);
    }

    /// <summary>Plain files are read in place.</summary>
    public bool NeedsDecoding => _images.IsCompressed || _labels is { IsCompressed: true };

    public static IdxSource Open(string images, string? labels)
    {
        var imageInput = SourceInput.Open(images);
        SourceInput? labelInput = null;
        try
        {
            labelInput = labels is null ? null : SourceInput.Open(labels);
            return new IdxSource(imageInput, labelInput);
        }
        catch
        {
            imageInput.Dispose();
            labelInput?.Dispose();
            throw;
        }
    }

    /// <summary>Rows by the headers, labels by reading them: a byte a row. The images are not read; nothing else can be read afterwards.</summary>
    public SourceOutline Outline(CancellationToken ct)
    {
        var buffer = new byte[1 << 16];
        var seen = new bool[byte.MaxValue + 1];
        for (int count; _labels is not null && (count = _labels.Read(buffer)) > 0;)
        {
            ct.ThrowIfCancellationRequested();
            foreach (var label in buffer.AsSpan(0, count)) seen[label] = true;
        }
        return new SourceOutline(RowShape.Image(_header.Width, _header.Height), _header.Count, seen.Count(label => label));
    }

    /// <summary>The label's name of a byte.</summary>
    public static string NameOf(byte label) => label.ToString(CultureInfo.InvariantCulture);

    /// <summary>The byte of a label's name.</summary>
    public static byte ByteOf(string name) => byte.Parse(name, CultureInfo.InvariantCulture);

    /// <summary>Reads both files to their ends.</summary>
    /// <param name="output">Where the decoded rows go; null to check and hash only.</param>
    /// <param name="ct">Cancels between groups of rows.</param>
    public DecodedSource Read(Stream? output, CancellationToken ct)
    {
        var shape = RowShape.Image(_header.Width, _header.Height);
        var writer = new RowsFileWriter(output ?? Stream.Null, shape.Columns, _labels is not null);
        var labels = new LabelCodes();
        Span<byte> bytes = new byte[writer.Labels.Length];
        for (var row = 0; row < _header.Count;)
        {
            ct.ThrowIfCancellationRequested();
            var rows = Math.Min(writer.GroupRows, _header.Count - row);
            Fill(_images, _header, writer.Values[..(rows * shape.Columns)]);
            if (_labels is not null)
            {
                Fill(_labels, _labelHeader!, bytes[..rows]);
                for (var i = 0; i < rows; i++) writer.Labels[i] = CodeOf(labels, bytes[i]);
            }
            if (output is not null) writer.WriteGroup(rows);
            row += rows;
        }
        _header.CheckEnd(_images);
        if (_labels is not null) _labelHeader!.CheckEnd(_labels);
        if (output is not null) writer.Finish(labels.Names);
        SourceFile[] files = _labels is null ? [_images.Finish()] : [_images.Finish(), _labels.Finish()];
        return new DecodedSource(shape, _header.Count, labels.Sorted(), _labels is not null, [.. files], [], -1);
    }

    public void Dispose()
    {
        _images.Dispose();
        _labels?.Dispose();
    }

    private static void Fill(SourceInput input, IdxHeader header, Span<byte> destination)
    {
        if (input.Fill(destination) < destination.Length) throw header.Truncated(input, input.Decoded);
    }

    private static int CodeOf(LabelCodes labels, byte label)
    {
        Span<char> name = stackalloc char[3];
        label.TryFormat(name, out var length, default, CultureInfo.InvariantCulture);
        return labels.CodeOf(name[..length]);
    }
}
