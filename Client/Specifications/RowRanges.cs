using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using ExplicitCluster.Abstractions.Specifications;

namespace ExplicitCluster.Client.Specifications;

/// <summary>Ranges of rows as people write them, <c>1000-1999</c> or <c>5</c>, both ends included; kept ascending, disjoint and as few as can be.</summary>
internal static partial class RowRanges
{
    public const string Expected = "rows like 1000-1999, numbered from 0, or one row like 5";

    /// <summary>Null where the text is no range.</summary>
    public static RemovedRows? Parse(string text)
    {
        if (Pattern.Match(text) is not { Success: true } match
            || !long.TryParse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var first))
            return null;
        var last = first;
        if (match.Groups[2].Success && !long.TryParse(match.Groups[2].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out last))
            return null;
        return last < first || last == long.MaxValue ? null : new RemovedRows(first, last);
    }

    public static string Of(RemovedRows rows) => rows.First == rows.Last ? Text(rows.First) : $"{Text(rows.First)}-{Text(rows.Last)}";

    /// <summary>The two that overlap first; null where none do.</summary>
    public static (RemovedRows, RemovedRows)? Overlap(IEnumerable<RemovedRows> ranges)
    {
        var ordered = ranges.OrderBy(rows => rows.First).ToList();
        return ordered.Zip(ordered.Skip(1)).Where(pair => pair.Second.First <= pair.First.Last).Select(pair => ((RemovedRows, RemovedRows)?)pair).FirstOrDefault();
    }

    /// <summary>Ranges that do not overlap in their order; those that touch become one.</summary>
    public static ImmutableArray<RemovedRows> Join(IEnumerable<RemovedRows> ranges)
    {
        var joined = new List<RemovedRows>();
        foreach (var rows in ranges.OrderBy(rows => rows.First))
        {
            if (joined.Count > 0 && joined[^1].Last + 1 == rows.First)
                joined[^1] = joined[^1] with { Last = rows.Last };
            else
                joined.Add(rows);
        }
        return [.. joined];
    }

    /// <summary>What is left of the ranges without the rows of another.</summary>
    public static ImmutableArray<RemovedRows> Without(IEnumerable<RemovedRows> ranges, RemovedRows other) =>
    [
        .. ranges.SelectMany(rows => rows.Last < other.First || rows.First > other.Last
            ? [rows]
            : new[] { rows with { Last = other.First - 1 }, rows with { First = other.Last + 1 } }.Where(rest => rest.First <= rest.Last)),
    ];

    [GeneratedRegex(@"\A([0-9]{1,19})(?:-([0-9]{1,19}))?\z")]
    private static partial Regex Pattern { get; }

    private static string Text(long row) => row.ToString(CultureInfo.InvariantCulture);
}
