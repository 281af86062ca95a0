using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Shards;
using ExplicitCluster.Abstractions.Specifications;

namespace ExplicitCluster.Data.Sources;

/// <summary>The rows of a source that count: all but those that its specification removes. They keep their numbers.</summary>
public static class KeptRows
{
    private const string CorrectRemoved = "Correct removed in the specification.";

    /// <summary>How many there are in the whole source.</summary>
    public static long CountOf(SourceManifest source) => source.Specification.Split is { } split
        ? WithoutRemoved(source, 0, source.Rows).Sum(range => CountOf(split, range.First + range.Count) - CountOf(split, range.First))
        : source.Rows - RemovedOf(source);

    /// <summary>The ranges of [first, first + count) that count, ascending.</summary>
    public static ImmutableArray<RowRange> Of(SourceManifest source, long first, long count)
    {
        var kept = WithoutRemoved(source, first, count);
        return source.Specification.Split is { } split ? [.. kept.SelectMany(range => PartsOf(split, range))] : kept;
    }

    /// <summary>The number within the source of the row that comes at <paramref name="index"/> among those of [first, ...) that count.</summary>
    public static long RowAt(SourceManifest source, long first, long index)
    {
        foreach (var range in Of(source, first, source.Rows - first))
        {
            if (index < range.Count) return range.First + index;
            index -= range.Count;
        }
        throw new ArgumentOutOfRangeException(nameof(index));
    }

    internal static long RemovedOf(SourceManifest source) => source.Specification.Removed.Sum(removed => removed.Last - removed.First + 1);

    /// <summary>The manifest, if what is removed lies within the source and leaves a row.</summary>
    /// <exception cref="SourceException">It does not.</exception>
    internal static SourceManifest Check(SourceManifest source)
    {
        var next = 0L;
        foreach (var removed in source.Specification.Removed)
        {
            if (removed.First < next || removed.Last < removed.First)
                throw new SourceException($"{NameOf(source)}: the removed rows {removed.First} to {removed.Last} are no range, or not in ascending order.", CorrectRemoved);
            if (removed.Last >= source.Rows)
                throw new SourceException($"{NameOf(source)}: rows {removed.First} to {removed.Last} are removed, and the source has rows 0 to {source.Rows - 1}.", CorrectRemoved);
            next = removed.Last + 1;
        }
        if (CountOf(source) > 0) return source;
        throw source.Specification.Split is { } split
            ? new SourceException(
                $"{NameOf(source)}: the split, every {split.Every} with remainder {split.Remainder}, leaves none of {source.Rows} rows.", "Set another split, or name test rows as data.test.")
            : new SourceException($"{NameOf(source)}: all {source.Rows} rows are removed.", "Remove the source itself.");
    }

    private static ImmutableArray<RowRange> WithoutRemoved(SourceManifest source, long first, long count)
    {
        var kept = ImmutableArray.CreateBuilder<RowRange>();
        var next = first;
        foreach (var removed in source.Specification.Removed)
        {
            if (removed.Last < next) continue;
            if (removed.First >= first + count) break;
            if (removed.First > next) kept.Add(new RowRange(next, removed.First - next));
            next = removed.Last + 1;
        }
        if (next < first + count) kept.Add(new RowRange(next, first + count - next));
        return kept.DrainToImmutable();
    }

    /// <summary>Of the rows before <paramref name="end"/>, how many a split means.</summary>
    private static long CountOf(RowSplit split, long end)
    {
        var heldOut = (end - split.Remainder + split.Every - 1) / split.Every;
        return split.IsHeldOut ? heldOut : end - heldOut;
    }

    /// <summary>What a split means of a range.</summary>
    private static IEnumerable<RowRange> PartsOf(RowSplit split, RowRange range)
    {
        var (next, end) = (range.First, range.First + range.Count);
        for (var row = range.First + (split.Remainder - range.First % split.Every + split.Every) % split.Every; row < end; row += split.Every)
        {
            if (split.IsHeldOut) yield return new RowRange(row, 1);
            else if (row > next) yield return new RowRange(next, row - next);
            next = row + 1;
        }
        if (!split.IsHeldOut && next < end) yield return new RowRange(next, end - next);
    }

    private static string NameOf(SourceManifest source) => source.Files.Length > 0 ? source.Files[0].Path : source.Id;
}
