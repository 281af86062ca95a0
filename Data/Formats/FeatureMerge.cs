using System.Buffers.Binary;
using System.IO.Hashing;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Numerics.Features;

namespace ExplicitCluster.Data.Formats;

/// <summary>
/// The union of many files of features, group by group, in one pass over all files at once: what is held are the features that are kept, and a buffer a file.
/// Equal to merging whole lists (<see cref="FeatureList.Merge"/>).
/// </summary>
public sealed class FeatureMerge
{
    private const int CheckedAtOnce = 1 << 20;
    private const int MostBuffered = 1 << 20;
    private const int LeastBuffered = 64;
    private const int MostInABuffer = 8192;

    private readonly IArtifactStore _store;
    private readonly List<(string Name, FeatureFilePart[] Groups)> _files = [];

    private FeatureMerge(IArtifactStore store) => _store = store;

    /// <summary>Checks the files from their first to their last byte.</summary>
    /// <param name="store">Where they are.</param>
    /// <param name="names">Files of disjoint rows.</param>
    /// <param name="groups">Groups of each.</param>
    /// <param name="ct">Cancels between reads.</param>
    /// <exception cref="ArtifactMissingException">A file is not there.</exception>
    /// <exception cref="ArtifactDamagedException">A checksum is wrong.</exception>
    public static async Task<FeatureMerge> OpenAsync(IArtifactStore store, IReadOnlyList<string> names, int groups, CancellationToken ct)
    {
        var merge = new FeatureMerge(store);
        foreach (var name in names)
        {
            await CheckAsync(store, name, ct);
            merge._files.Add((name, await PartsAsync(store, name, groups, ct)));
        }
        return merge;
    }

    /// <summary>The features of a group that at least so many rows have.</summary>
    public async Task<FeatureList> OfAsync(int group, long leastRows, CancellationToken ct)
    {
        var room = Math.Clamp(MostBuffered / Math.Max(1, _files.Count), LeastBuffered, MostInABuffer);
        var heap = new PriorityQueue<FeatureCursor, FeatureCursor>(Comparer<FeatureCursor>.Create((a, b) => a.Feature.SequenceCompareTo(b.Feature)));
        foreach (var (name, groups) in _files)
        {
            var cursor = new FeatureCursor(_store, name, groups[group], room);
            if (await cursor.FillAsync(ct)) heap.Enqueue(cursor, cursor);
        }
        var (kept, feature) = (new FeatureListBuilder(1 << 10), Array.Empty<byte>());
        while (heap.TryPeek(out var least, out _))
        {
            var length = least.Feature.Length;
            if (feature.Length < length) feature = new byte[2 * length];
            least.Feature.CopyTo(feature);
            long rows = 0;
            while (heap.TryPeek(out var same, out _) && same.Feature.SequenceEqual(feature.AsSpan(0, length)))
            {
                rows = checked(rows + same.Rows);
                heap.Dequeue();
                if (same.TryNext() || await same.FillAsync(ct)) heap.Enqueue(same, same);
            }
            if (rows >= leastRows) kept.Add(feature.AsSpan(0, length), rows);
        }
        return kept.ToList();
    }

    private static async Task CheckAsync(IArtifactStore store, string name, CancellationToken ct)
    {
        var length = (await store.StatAsync(name, ct) ?? throw new ArtifactMissingException(name)).Length;
        var prefix = new byte[FeatureFile.PrefixLength];
        if (length >= prefix.Length) await store.ReadRangeAsync(name, 0, prefix, ct);
        FeatureFile.CheckPrefix(name, prefix);
        var hash = new XxHash128();
        var buffer = new byte[(int)Math.Min(CheckedAtOnce, length)];
        for (long at = prefix.Length; at < length; at += buffer.Length)
        {
            var part = buffer.AsMemory(0, (int)Math.Min(buffer.Length, length - at));
            await store.ReadRangeAsync(name, at, part, ct);
            hash.Append(part.Span);
        }
        FeatureFile.CheckHash(name, prefix, hash.GetCurrentHash());
    }

    private static async Task<FeatureFilePart[]> PartsAsync(IArtifactStore store, string name, int groups, CancellationToken ct)
    {
        var numbers = new byte[2 * sizeof(int)];
        await store.ReadRangeAsync(name, FeatureFile.PrefixLength, numbers.AsMemory(0, sizeof(int)), ct);
        var count = BinaryPrimitives.ReadInt32LittleEndian(numbers);
        if (count != groups) throw new ArtifactDamagedException(name, "its groups", $"{groups}", $"{count}");
        var parts = new FeatureFilePart[groups];
        long at = FeatureFile.PrefixLength + sizeof(int);
        for (var g = 0; g < groups; g++)
        {
            await store.ReadRangeAsync(name, at, numbers, ct);
            var (features, bytes) = (BinaryPrimitives.ReadInt32LittleEndian(numbers), BinaryPrimitives.ReadInt32LittleEndian(numbers.AsSpan(sizeof(int))));
            parts[g] = new FeatureFilePart(features, at + numbers.Length);
            at += numbers.Length + features * (long)(sizeof(long) + sizeof(int)) + bytes;
        }
        return parts;
    }
}
