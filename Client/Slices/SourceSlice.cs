using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Client.Commands;
using ExplicitCluster.Client.Specifications;

namespace ExplicitCluster.Client.Slices;

/// <summary>The training sources whose tags fit, and the job over them: an ordinary one, which finds the statistics of its shards in the store.</summary>
/// <param name="conditions">What tags must be.</param>
/// <param name="last">Then only sources with one of the newest so many values of a key; null for all.</param>
internal sealed class SourceSlice(IReadOnlyList<TagCondition> conditions, (int Count, string Key)? last)
{
    private const int MostNamed = 8;

    private string[] Conditions => [.. conditions.Select(condition => condition.Text), .. last is var (count, key) ? [$"last {count} by {key}"] : Array.Empty<string>()];

    /// <param name="specification">The job over all sources.</param>
    /// <param name="name">Of the slice's model; null to make one of the conditions.</param>
    /// <param name="model">The model that <paramref name="specification"/> is of; null where it is of no model.</param>
    /// <exception cref="UsageException">A tag is not known, or no source fits.</exception>
    public JobSpecification Of(JobSpecification specification, string? name, string? model)
    {
        var sources = specification.Data.Train;
        var matching = sources;
        foreach (var condition in conditions)
        {
            var order = new TagOrder(ValuesOf(sources, condition.Key).Concat(new[] { condition.From, condition.To }.OfType<string>()));
            CheckValues(sources, condition, order);
            matching = [.. matching.Where(source => ValueOf(source, condition.Key) is { } value && condition.Holds(value, order))];
        }
        if (matching.IsEmpty)
            throw new UsageException($"no source of data.train is of {string.Join(" and ", conditions.Select(condition => condition.Text))} at once", "leave out one of the conditions; 'explicit data show' lists the tags");
        var window = ImmutableArray<string>.Empty;
        if (last is var (count, key))
        {
            ValuesOf(sources, key);
            var values = matching.Select(source => ValueOf(source, key)).OfType<string>().Distinct().ToList();
            if (values.Count == 0)
                throw new UsageException($"no source of {string.Join(" and ", conditions.Select(condition => condition.Text))} has the tag '{key}'", "give another key after 'by'");
            window = [.. values.Order(new TagOrder(values)).TakeLast(count)];
            matching = [.. matching.Where(source => ValueOf(source, key) is { } value && window.Contains(value))];
        }
        var before = specification.Slice;
        return specification with
        {
            Name = name ?? SliceName.Of(specification.Name, Conditions),
            Data = specification.Data with { Train = matching },
            Slice = new SliceSpecification
            {
                Conditions = [.. before?.Conditions ?? [], .. Conditions],
                Window = window.IsEmpty ? before?.Window ?? [] : window,
                OfSources = sources.Length,
                OfModel = model,
            },
        };
    }

    private static string? ValueOf(SourceSpecification source, string key) => source.Tags.FirstOrDefault(tag => tag.Key == key)?.Value;

    /// <summary>All values of a key.</summary>
    private static List<string> ValuesOf(ImmutableArray<SourceSpecification> sources, string key)
    {
        var values = sources.Select(source => ValueOf(source, key)).OfType<string>().Distinct().ToList();
        if (values.Count > 0)
            return values;
        var known = sources.SelectMany(source => source.Tags).Select(tag => tag.Key).Distinct().Order(StringComparer.Ordinal).ToList();
        throw known.Count == 0
            ? new UsageException("no source of data.train has tags to be chosen by", "give them in the specification, e.g. tags: { tenant: a }, or path: \"logs/{tenant}/{day}.csv\"")
            : new UsageException($"no source of data.train has the tag {Quoted.Of(key)}; {KeyNames.Suggest(key, known, ("tag", "tags"))}", "'explicit data show' lists the tags of every source");
    }

    /// <summary>A value that no source has is more likely a mistake than a wish for nothing.</summary>
    private static void CheckValues(ImmutableArray<SourceSpecification> sources, TagCondition condition, TagOrder order)
    {
        string[] known = [.. ValuesOf(sources, condition.Key).Order(order)];
        if (condition.Values.FirstOrDefault(value => !known.Contains(value)) is { } unknown)
        {
            var suggestion = KeyNames.Nearest(unknown, known) is { } nearest ? $"did you mean '{nearest}'?" : $"the values are {ListOf(known)}";
            throw new UsageException($"no source of data.train has {condition.Key} {Quoted.Of(unknown)}; {suggestion}", "'explicit data show' lists the tags of every source");
        }
        if (condition.IsRange && !known.Any(value => condition.Holds(value, order)))
            throw new UsageException($"no source of data.train has {condition.Key} in {condition.From}..{condition.To}; the values are from {known[0]} to {known[^1]}", "give another range; both ends count, and either may be left out");
    }

    private static string ListOf(string[] known) => known.Length <= MostNamed ? KeyNames.List(known) : $"{string.Join(", ", known.Take(MostNamed))} and {known.Length - MostNamed} more";
}
