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
        var rowsAtOnce = Math.Max(1, MostBytesAtOnce / source.Shape.BytesPerRow);
        for (long first = 0; first < source.Rows; first += rowsAtOnce)
        {
            var rows = await reader.ReadKeptAsync(source, first, (int)Math.Min(rowsAtOnce, source.Rows - first), cancellationToken);
            foreach (var label in rows.Labels)
            {
                var (train, test) = Labels.GetValueOrDefault(source.Labels[label]);
                Labels[source.Labels[label]] = part == "train" ? (train + 1, test) : (train, test + 1);
            }
        }
    }
}
