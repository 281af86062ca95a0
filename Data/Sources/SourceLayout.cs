using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using ExplicitCluster.Abstractions.Shards;
using ExplicitCluster.Abstractions.Specifications;

namespace ExplicitCluster.Data.Sources;

/// <summary>A specification that was checked: full paths of its files, images before labels.</summary>
internal sealed record SourceLayout(SourceSpecification Specification, ImmutableArray<string> Paths)
{
    private const string NameLabels = "Name the labels' file, or for CSV and TSV the column as label, in the specification.";

    /// <summary>Under which the manifest is remembered: hex SHA-256 of paths and options.</summary>
    public string CacheKey => HashOf(
    [
        "manifest-1", $"{Specification.Format}", $"{Specification.LabelColumn is not null}", Specification.LabelColumn ?? "", $"{Specification.Header}", .. TextOptions, .. Paths,
    ]);

    private IEnumerable<string> TextOptions => Specification.IsText
        ? ["text", Specification.TextColumn ?? "", Specification.WeightColumn ?? "", $"{Specification.Document}"]
        : [];

    /// <exception cref="SourceException">The specification lacks what its format needs.</exception>
    public static SourceLayout Of(SourceSpecification source, bool labelsRequired)
    {
        if (source.Format == SourceFormat.Idx)
        {
            if (string.IsNullOrWhiteSpace(source.Images)) throw new SourceException("The source has format idx and names no images.", "Name the images' file as images.");
            if (string.IsNullOrWhiteSpace(source.Labels) && labelsRequired)
                throw new SourceException($"{source.Images}: the source names no labels; expected labels to learn from or to compare with.", NameLabels);
            var images = FullPath(source.Images);
            return new SourceLayout(source, string.IsNullOrWhiteSpace(source.Labels) ? [images] : [images, FullPath(source.Labels)]);
        }
        if (string.IsNullOrWhiteSpace(source.Path))
            throw new SourceException($"The source has format {source.Format.ToString().ToLowerInvariant()} and names no file.", "Name the file as path.");
        if (source.Format == SourceFormat.Text && labelsRequired)
            throw new SourceException($"{source.Path}: plain text has no labels; expected labels to learn from or to compare with.", "Use csv, tsv or jsonl for texts with labels.");
        if (source.Format is SourceFormat.Csv or SourceFormat.Tsv && string.IsNullOrWhiteSpace(source.LabelColumn) && labelsRequired)
            throw new SourceException($"{source.Path}: the source names no label column; expected labels to learn from or to compare with.", NameLabels);
        var cleaned = string.IsNullOrWhiteSpace(source.LabelColumn) ? source with { LabelColumn = null } : source;
        return new SourceLayout(cleaned, [FullPath(source.Path)]);
    }

    public SourceManifest Manifest(DecodedSource found, bool decoded)
    {
        var id = IdOf(found);
        return new SourceManifest
        {
            Id = id,
            Specification = Specification,
            Columns = found.Shape.Columns,
            Width = found.Shape.Width,
            Height = found.Shape.Height,
            IsBytes = found.Shape.IsBytes,
            Rows = found.Rows,
            Labels = found.Labels,
            HasLabels = found.HasLabels,
            DecodedName = decoded ? $"datasets/{id}/rows" : null,
            FileBytes = found.Files.Sum(file => file.Length),
            Files = found.Files,
            ColumnNames = found.ColumnNames,
            LabelIndex = found.LabelIndex,
            Texts = found.Texts is { } texts ? texts with { IndexName = decoded ? null : $"datasets/{id}/index" } : null,
            Sparse = found.Sparse is { } sparse ? sparse with { IndexName = decoded ? null : $"datasets/{id}/index" } : null,
        };
    }

    /// <summary>Content and the options that decide the numbers; a label column counts by its index, however it was named.</summary>
    private string IdOf(DecodedSource found) => HashOf(["source-1", .. OptionsOf(found), .. found.Files.Select(file => file.Sha256)]);

    private string[] OptionsOf(DecodedSource found) => (Specification.Format, found.TextColumns) switch
    {
        (SourceFormat.Idx, _) => ["idx"],
        (SourceFormat.Text, _) => ["text", $"{Specification.Document}"],
        (SourceFormat.Libsvm, _) => ["libsvm"],
        (SourceFormat.Jsonl or SourceFormat.Parquet, _) => [Specification.Format == SourceFormat.Jsonl ? "jsonl" : "parquet", Specification.TextColumn ?? "text", Specification.LabelColumn ?? "label", Specification.WeightColumn ?? "weight"],
        (_, { } columns) => [$"{Specification.Format}", $"{Specification.Header}", $"{columns.Text}", $"{columns.Label}", $"{columns.Weight}"],
        _ => [$"{Specification.Format}", $"{Specification.Header}", $"{found.LabelIndex}"],
    };

    private static string HashOf(string[] parts) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts))));

    private static string FullPath(string path)
    {
        try
        {
            return Path.GetFullPath(path);
        }
        catch (ArgumentException)
        {
            throw new SourceException($"The path {Excerpt.Of(path)} is not valid.", "Correct the path in the specification.");
        }
    }
}
