using System.Globalization;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Grains.Layers;
using ExplicitCluster.Grains.Models;
using Spectre.Console;

namespace ExplicitCluster.Client.Rendering;

/// <summary>Published models as tables and as JSON.</summary>
internal static class ModelView
{
    private const int MostShards = 12;
    private const int MostLevels = 4;

    public static void Show(IReadOnlyList<ModelDescription> models, IAnsiConsole console)
    {
        if (models.Count == 0)
        {
            console.WriteLine("no models yet: train one with 'explicit train SPEC'");
            return;
        }
        var table = new Table().RoundedBorder().AddColumns("model", "features", "rows", "K", "alpha");
        table.Columns[0].NoWrap();
        foreach (var model in models)
        {
            table.AddRow(
                Markup.Escape($"{model.Name}/{model.Version}"),
                FeaturesOf(model, MostLevels),
                $"{model.Lineage.Rows:N0}",
                model.GroupKs.IsEmpty ? $"{model.K}" : "groups",
                $"{model.Alpha}");
        }
        console.Write(table);
    }

    public static void Show(ModelDescription model, IAnsiConsole console)
    {
        var table = new Table().RoundedBorder().HideHeaders().AddColumns("", "");
        table.AddRow("model", Markup.Escape($"{model.Name}/{model.Version}"));
        table.AddRow("created", model.Created.ToString("u", CultureInfo.InvariantCulture));
        table.AddRow("features", FeaturesOf(model));
        if (model.Language is { } language)
        {
            LanguageView.AddTo(table, language);
            AddLineage(table, model);
            console.Write(table);
            return;
        }
        table.AddRow("inputs", $"{model.Inputs:N0}");
        table.AddRow("labels", Markup.Escape(string.Join(", ", model.Labels.Take(40)) + (model.Labels.Length > 40 ? ", ..." : "")));
        if (model.Temperatures is { } temperatures)
            table.AddRow("temperatures", $"{temperatures.Layers.Length} layers, alpha {model.Alpha}; left-out cross-entropy {temperatures.CrossEntropy:0.0000}");
        else
            table.AddRow("K, alpha, beta", $"{(model.GroupKs.IsEmpty ? $"{model.K}" : "of groups")}, {model.Alpha}, {model.Beta} ({model.Lineage.ChosenBy})");
        for (var i = 0; i < model.GroupKs.Length; i++)
            table.AddRow($"group {i + 1}", $"{MapsOf(model.Encoding.Features.Skip(i).Take(1), int.MaxValue)}: K {Figures.Measure(model.GroupKs[i])}");
        if (!model.Lineage.Statistics.ClassWeights.IsDefaultOrEmpty)
            table.AddRow("class weights", Markup.Escape(string.Join(", ", model.Labels.Zip(model.Lineage.Statistics.ClassWeights, (label, weight) => FormattableString.Invariant($"{label} {weight:G4}")).Take(40))));
        foreach (var layer in LayerMaps.AllOf(model.Encoding.Features))
            table.AddRow($"layer {layer.Number}", $"{layer.Merged.Inputs:N0} inputs{Words.Of(layer.Settings.Targets)}, {(layer.Settings.Activation == LayerActivation.Classes ? "" : $"K {layer.Settings.Solve.K[0]}, ")}alpha {layer.Settings.Solve.Alpha[0]}, statistics {layer.StatisticsSha256[..12]}{(layer.Settings.Refine.Method == RefineMethod.None ? "" : $", refined by {Words.Of(layer.Settings.Refine.Method)} on its own loss")}");
        if (model.Lineage.Refinement is { } refinement)
            table.AddRow("refined", $"{Words.Of(refinement.Method)}{(refinement.Start is { } start ? $" from the {Words.Of(start.Start)} start" : "")}, {refinement.Rounds.Length} rounds{(refinement.Ended is { } end ? $", {Markup.Escape(end)}" : "")}{HeldOutOf(refinement)}{(model.Layers.IsEmpty ? "" : ", the top layer on its own loss")}: no sum of its shards any more");
        if (!model.Layers.IsEmpty && model.Specification.Refines)
            table.AddRow("refined layers", RefinedOf(model.Specification));
        table.AddRow("rows", $"{model.Lineage.Rows:N0}, of them {model.Lineage.ZeroRows:N0} of zero norm");
        AddLineage(table, model);
        console.Write(table);
    }

    /// <summary>Which of a model's layers were refined, and what was not done.</summary>
    internal static string RefinedOf(JobSpecification specification)
    {
        var layers = specification.Layers.Select((layer, i) => (layer.Refine.Method, Name: $"layer {i + 1}{(layer.Targets switch { { Subclasses: > 0 } => " of sub-classes", { Code: > 0 } => " of label codes", _ => "" })}")).Append((specification.Refine.Method, Name: "the top")).ToList();
        var (refined, others) = (layers.Where(layer => layer.Method != RefineMethod.None), layers.Where(layer => layer.Method == RefineMethod.None));
        return $"{string.Join(", ", refined.Select(layer => $"{layer.Name} by {Words.Of(layer.Method)}"))}, each on its own loss: no gradient passes between layers"
            + (others.Any() ? $"; the explicit solution in {string.Join(", ", others.Select(layer => layer.Name))}" : "");
    }

    private static void AddLineage(Table table, ModelDescription model)
    {
        if (model.Lineage.FrozenVocabulary is { } frozen)
            table.AddRow("vocabulary", $"{frozen}, taken from an earlier model");
        else if (model is { Text: not null, VocabularySha256: { } vocabulary })
            table.AddRow("vocabulary", vocabulary);
        table.AddRow("job", model.Lineage.Job);
        table.AddRow("weights SHA-256", model.WeightsSha256);
        table.AddRow("statistics SHA-256", model.StatisticsSha256);
        if (model.Lineage.Slice is { } slice)
            table.AddRow("slice", Markup.Escape($"{string.Join(", ", slice.Conditions)}: {model.Lineage.Sources.Length:N0} of {slice.OfSources:N0} sources{(slice.OfModel is { } whole ? $" of {whole}" : "")}{(slice.Window.IsEmpty ? "" : $", {slice.Window[0]} to {slice.Window[^1]}")}"));
        foreach (var source in model.Lineage.Sources.Take(MostShards))
            table.AddRow("source", Markup.Escape($"{string.Join(" + ", source.Files)} ({source.Rows:N0} rows{RemovedOf(source)}, {source.Id[..12]}){string.Concat(source.Tags.Select(tag => $" {tag}"))}"));
        if (model.Lineage.Sources.Length > MostShards)
            table.AddRow("", $"and {model.Lineage.Sources.Length - MostShards:N0} more sources; --json lists all");
        foreach (var shard in model.Lineage.Shards.Take(MostShards))
            table.AddRow("shard", $"source {shard.Source} rows {shard.FirstRow:N0} to {shard.LastRow:N0}{(shard.LastRow - shard.FirstRow + 1 == shard.Rows ? "" : $", {shard.Rows:N0} of them")} ({shard.Hash[..12]})");
        if (model.Lineage.Shards.Length > MostShards)
            table.AddRow("", $"and {model.Lineage.Shards.Length - MostShards:N0} more shards; --json lists all");
    }

    public static string JsonOf(IReadOnlyList<ModelDescription> models) => JsonText.Of(models.Select(model => new
    {
        Model = $"{model.Name}/{model.Version}",
        model.Created,
        Features = FeaturesOf(model),
        model.Lineage.Rows,
        Outputs = model.Labels.Length,
        model.K,
        model.Alpha,
        model.WeightsSha256,
        model.StatisticsSha256,
    }));

    public static string JsonOf(ModelDescription model) => JsonText.Of(model);

    /// <summary>The feature maps in words; more levels than <paramref name="mostLevels"/> are only counted.</summary>
    public static string FeaturesOf(ModelDescription model, int mostLevels = int.MaxValue) => model switch
    {
        { Text: { } text } => GroupsOf(text),
        { Language: { } language } => Markup.Escape(LanguageView.FeaturesOf(language)),
        _ => MapsOf(model, mostLevels),
    };

    private static string MapsOf(ModelDescription model, int mostLevels) => MapsOf(model.Encoding.Features, mostLevels);

    private static string MapsOf(IEnumerable<FeatureMapSpecification> features, int mostLevels) => string.Join(" + ", features.Select(feature => feature switch
    {
        { Solved: { } layer } => LayerOf(layer, mostLevels),
        { Cell: > 0 } => $"orientations of {feature.Cell}x{feature.Cell} cells, stride {feature.Stride}, {feature.Bins} bins, "
            + $"thresholds {string.Join(' ', feature.Thresholds)}, shapes {string.Join(' ', feature.Shapes)} at distance {feature.Distance}",
        { Width: > 0 } => $"patches {feature.Width}x{feature.Height}, {LevelsOf(feature, mostLevels)}, stride {feature.Stride}",
        { Levels.Length: > 0 } => $"bins, {LevelsOf(feature, mostLevels)}",
        _ => feature.Map.ToString().ToLowerInvariant(),
    }));

    private static string LayerOf(SolvedLayer layer, int mostLevels)
    {
        var settings = layer.Settings;
        var windows = settings.Windows is { } size ? $"windows {size.Width}x{size.Height}, stride {size.Stride}" : "the whole row";
        var seen = settings.Activation == LayerActivation.Softmax ? "softmax" : "best classes";
        var tuples = settings.Tuples is { } drawn ? $"{drawn.Count:N0} tuples of {drawn.Size} of the " : "";
        return $"{tuples}{seen} of {windows} (layer {layer.Number}: {(settings.Text is { } text ? GroupsOf(text) : MapsOf(settings.Features, mostLevels))})";
    }

    private static string GroupsOf(TextSpecification text) => string.Join(" + ", text.Groups.Select(group =>
        group.Map.ToString().ToLowerInvariant()
        + (group.Most == 1 ? "" : group.Least == group.Most ? $" of {group.Most}" : $" of {group.Least} to {group.Most}")
        + (group.Counts == FeatureCounts.Raw ? "" : $", {group.Counts.ToString().ToLowerInvariant()}")
        + (group.MinRows == 1 ? "" : $", in {group.MinRows:N0} rows")
        + (group.HashBits == 0 ? "" : $", hashed into 2^{group.HashBits} buckets")
        + (text.KeepsNorms ? ", values as they are" : "")))
        + (text.Tokens is { } tokens ? Markup.Escape($" of {tokens.Kind.ToString().ToLowerInvariant()}{(tokens.Pattern is { } pattern ? $" {pattern}" : "")} as tokens") : "");

    private static string HeldOutOf(ModelRefinement refinement) =>
        refinement.HeldOutRows == 0 ? "" : $", round {refinement.Published} of them chosen on {refinement.HeldOutRows:N0} held-out rows";

    private static string RemovedOf(LineageSource source) =>
        source.Removed.IsEmpty ? "" : $", {ManifestChange.CountOf(source.Removed):N0} of them removed";

    private static string LevelsOf(FeatureMapSpecification feature, int mostLevels) =>
        feature.Levels.Length > mostLevels ? $"{feature.Levels.Length} levels" : $"levels {string.Join(' ', feature.Levels)}";
}
