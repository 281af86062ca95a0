using System.Collections.Immutable;
using System.Globalization;

namespace ExplicitCluster.Client.Specifications;

/// <summary>What a number may be, with words for it.</summary>
internal sealed record NumberRule(Func<double, bool> Holds, string Words)
{
    public static NumberRule Above0 { get; } = new(value => value > 0, "a number above 0");

    public static NumberRule Share { get; } = new(value => value is > 0 and <= 1, "a number above 0 and at most 1");

    public static NumberRule NotTiny { get; } = new(value => value >= 1e-12, "a number of at least 1e-12");

    public static NumberRule Below1 { get; } = new(value => value is >= 0 and < 1, "a number of at least 0 and below 1");

    public static NumberRule AtLeast0 { get; } = new(value => value >= 0, "a number of at least 0");
}

/// <summary>
/// Reads values of keys. A value that is none of what was expected is a problem and reads as null. Numbers are written with a point,
/// finite, and the same in every culture; a whole number may be written 12, 12.0 or 1.2e1; a quoted number is a text.
/// </summary>
internal sealed class FieldValues(ProblemList problems)
{
    private const NumberStyles Decimal = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
    private const int MostItems = 1000;
    private const double LargestExactWhole = 1L << 53;

    public string? Text(Field field, string expected)
    {
        if (field.Value is ScalarNode { IsNull: false } scalar && scalar.Text.Length > 0)
            return scalar.Text;
        Wrong(field, expected);
        return null;
    }

    public bool? Truth(Field field)
    {
        if (field.Value is ScalarNode { IsPlain: true, Text: "true" or "false" } scalar)
            return scalar.Text == "true";
        Wrong(field, "true or false");
        return null;
    }

    public double? Number(Field field, NumberRule rule, string example)
    {
        if (TryNumber(field.Value) is { } number && rule.Holds(number))
            return number;
        Wrong(field, $"{rule.Words}, e.g. {example}");
        return null;
    }

    public long? Whole(Field field, (long Least, long Most) range, string example)
    {
        if (WholeIn(field, range) is { } whole)
            return whole;
        Wrong(field, $"a whole number from {range.Least} to {range.Most}, e.g. {example}");
        return null;
    }

    /// <summary>A whole number in a range; null, and no problem yet, where the value is none.</summary>
    public static long? WholeIn(Field field, (long Least, long Most) range) =>
        TryWhole(field.Value) is { } whole && whole >= range.Least && whole <= range.Most ? whole : null;

    /// <summary><c>auto</c>, one number or a list: ascending whatever the order written; a number given twice is a problem.</summary>
    public ImmutableArray<double>? Grid(Field field, NumberRule rule, ImmutableArray<double> auto, string example)
    {
        if (field.Value is ScalarNode { IsPlain: true, Text: "auto" })
            return auto;
        var expected = $"auto, {rule.Words}, or a list of such numbers, e.g. {example}";
        if (field.Value is not ListNode list)
        {
            if (TryNumber(field.Value) is { } single && rule.Holds(single))
                return [single];
            Wrong(field, expected);
            return null;
        }
        return Numbers(field, list, rule, MostItems, expected) is { } numbers && NoneTwice(field, list, numbers) ? [.. numbers.Order()] : null;
    }

    /// <summary>One number or a list, in ascending order as written.</summary>
    public ImmutableArray<double>? Ascending(Field field, NumberRule rule, (int Least, int Most) count, string example)
    {
        var words = count.Least == count.Most ? $"{count.Most}" : $"{count.Least} to {count.Most}";
        var expected = $"a list of {words} ascending numbers, each {rule.Words}, e.g. {example}";
        var list = field.Value as ListNode ?? new ListNode(field.Value.Origin) { Items = { field.Value } };
        if (Numbers(field, list, rule, count.Most, expected) is not { } numbers)
            return null;
        if (numbers.Count < count.Least)
        {
            Wrong(field, expected);
            return null;
        }
        for (var i = 1; i < numbers.Count; i++)
        {
            if (numbers[i] > numbers[i - 1])
                continue;
            problems.Add(list.Items[i].Origin,
                $"'{field.Path}' does not ascend: {numbers[i]} follows {numbers[i - 1]}; "
                + $"expected ascending numbers without repeats, e.g. {example}");
            return null;
        }
        return [.. numbers];
    }

    /// <summary>The index of one of a few words.</summary>
    public int? Choice(Field field, IReadOnlyList<string> words)
    {
        if (field.Value is not ScalarNode { IsNull: false } scalar)
        {
            Wrong(field, $"one of {string.Join(", ", words)}");
            return null;
        }
        var index = words.ToList().IndexOf(scalar.Text);
        if (index >= 0)
            return index;
        problems.Add(
            field.At,
            $"'{field.Path}' is {Quoted.Of(scalar.Text)}; {KeyNames.Suggest(scalar.Text, words, ("known value", "known values"))}");
        return null;
    }

    public void Wrong(Field field, string expected) =>
        problems.Add(field.At, $"'{field.Path}' is {field.Value.Describe()}; expected {expected}");

    private List<double>? Numbers(Field field, ListNode list, NumberRule rule, int most, string expected)
    {
        if (list.Items.Count == 0 || list.Items.Count > most)
        {
            Wrong(field, list.Items.Count == 0 ? expected : $"at most {most} numbers");
            return null;
        }
        var numbers = new List<double>();
        foreach (var item in list.Items)
        {
            if (TryNumber(item) is { } number && rule.Holds(number))
                numbers.Add(number);
            else
                problems.Add(item.Origin, $"'{field.Path}' holds {item.Describe()}; expected {expected}");
        }
        return numbers.Count == list.Items.Count ? numbers : null;
    }

    private bool NoneTwice(Field field, ListNode list, List<double> numbers)
    {
        for (var i = 1; i < numbers.Count; i++)
        {
            if (numbers.IndexOf(numbers[i], 0, i) < 0)
                continue;
            problems.Add(list.Items[i].Origin, $"'{field.Path}' holds {numbers[i]} twice; remove one of them");
            return false;
        }
        return true;
    }

    private static double? TryNumber(Node node) =>
        node is ScalarNode { IsPlain: true } scalar
        && double.TryParse(scalar.Text, Decimal, CultureInfo.InvariantCulture, out var number)
        && double.IsFinite(number)
            ? number + 0.0 // -0 becomes 0
            : null;

    private static long? TryWhole(Node node)
    {
        if (node is ScalarNode { IsPlain: true } scalar
            && long.TryParse(scalar.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
            return whole;
        return TryNumber(node) is { } number && number == Math.Floor(number) && Math.Abs(number) <= LargestExactWhole ? (long)number : null;
    }
}
