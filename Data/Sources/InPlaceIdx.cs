using ExplicitCluster.Abstractions.Shards;

namespace ExplicitCluster.Data.Sources;

/// <summary>Reads rows of plain IDX files where they lie.</summary>
internal static class InPlaceIdx
{
    private const int ImageHeader = 16;
    private const int LabelHeader = 8;

    /// <summary>Fills <paramref name="values"/> and returns the label indices.</summary>
    /// <exception cref="SourceException">A file has changed since the manifest was made.</exception>
    public static int[] Read(SourceManifest manifest, long firstRow, Span<byte> values, int count)
    {
        InPlaceFile.Read(manifest.Files[0], ImageHeader + firstRow * manifest.Columns, values);
        if (!manifest.HasLabels) return [];
        var bytes = new byte[count];
        InPlaceFile.Read(manifest.Files[1], LabelHeader + firstRow, bytes);
        var indices = new int[256];
        Array.Fill(indices, -1);
        for (var index = 0; index < manifest.Labels.Length; index++)
            indices[IdxSource.ByteOf(manifest.Labels[index])] = index;
        var labels = new int[count];
        for (var i = 0; i < count; i++)
        {
            labels[i] = indices[bytes[i]];
            if (labels[i] < 0) throw SourceErrors.Changed(manifest.Files[1].Path);
        }
        return labels;
    }
}
