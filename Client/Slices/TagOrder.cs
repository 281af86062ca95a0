using System.Globalization;

namespace ExplicitCluster.Client.Slices;

/// <summary>The order of a tag's values: by size where all of them are numbers, else ordinal, as suits dates written year first.</summary>
internal sealed class TagOrder : IComparer<string>
{
    private readonly bool _areNumbers;

    public TagOrder(IEnumerable<string> values) => _areNumbers = values.All(value => NumberOf(value) is not null);

    public int Compare(string? x, string? y) => _areNumbers && NumberOf(x) is { } left && NumberOf(y) is { } right && left != right
        ? left.CompareTo(right)
        : string.CompareOrdinal(x, y);

    private static decimal? NumberOf(string? text) =>
        decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number : null;
}
