using ExplicitCluster.Abstractions.Shards;
using ExplicitCluster.Data.Sources;

namespace ExplicitCluster.Client.Rendering;

/// <summary>The sources of a specification and the rows a label in each part.</summary>
internal sealed class DataOverview
{
    private const int MostBytesAtOnce = 64 << 20;

    public List<SourceManifest> Train { get; } = [];

    public List<(string Part, SourceManifest Source)> Sources { get; } = [];

    /// <summary>Rows by label and part, labels in ordinal order.</summary>
    public SortedDictionary<string, (long Train, long Test)> Labels { get; } = new(StringComparer.Ordinal);

    /// <summary>Shards of every source, in the order of <see cref="Sources"/>; a job numbers those of its training sources through.</summary>
    public IReadOnlyList<int> ShardsOf(int shardRows) => [.. Sources.Select(source => ShardPlan.Cut([source.Source], shardRows).Length)];

    public async Task AddAsync(string part, SourceReader reader, SourceManifest source, CancellationToken cancellationToken)
    {
        if (part == "train")
            Train.Add(source);
        Sources.Add((part, source));
        var rowsAtOnce = (int)Math.Clamp(MostBytesAtOnce / Math.Max(1, BytesPerRow(source)), 1, source.Rows);
        for (long first = 0; source.HasLabels && first < source.Rows; first += rowsAtOnce)
        {
            foreach (var label in await LabelsAsync(reader, source, first, (int)Math.Min(rowsAtOnce, source.Rows - first), cancellationToken))
            {
                var (train, test) = Labels.GetValueOrDefault(source.Labels[label]);
                Labels[source.Labels[label]] = part == "train" ? (train + 1, test) : (train, test + 1);
            }
        }
    }

    private static long BytesPerRow(SourceManifest source) => source.Texts is { } texts ? texts.Bytes / source.Rows : source.Sparse is { } sparse ? sparse.Entries * 8 / source.Rows : source.Shape.BytesPerRow;

    private static async Task<int[]> LabelsAsync(SourceReader reader, SourceManifest source, long first, int count, CancellationToken cancellationToken) => source.IsText || source.Sparse is not null
        ? (await reader.ReadKeptDocumentsAsync(source, first, count, cancellationToken)).Labels
        : (await reader.ReadKeptAsync(source, first, count, cancellationToken)).Labels;
}
