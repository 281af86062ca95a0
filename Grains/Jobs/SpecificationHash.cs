using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ExplicitCluster.Abstractions.Shards;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Data.Sources;
using ExplicitCluster.Grains.Layers;
using ExplicitCluster.Grains.Texts;

namespace ExplicitCluster.Grains.Jobs;

/// <summary>
/// The hash of what decides a shard's numbers: the feature maps and their settings, and which fold is held out; never name, K, alpha, seed or
/// paths. Statistics of equal hashes add up.
/// </summary>
public static class SpecificationHash
{
    /// <summary>Of the statistics of a job.</summary>
    public static string Of(JobSpecification specification) => Of(specification.Features, specification.HoldsOut, specification.Data.WithoutFold);

    /// <summary>Of the statistics of one fold's rows.</summary>
    public static string OfFold(IEnumerable<FeatureMapSpecification> features, FoldSpecification fold) =>
        Sha256(TextOf(features).Append(CultureInfo.InvariantCulture, $"fold {fold.Fold} of {fold.Of}\n").ToString());

    /// <param name="features">The maps.</param>
    /// <param name="holdsOut">Whether the fold that decides a refinement is left out.</param>
    /// <param name="withoutFold">A fold that is left out; null for none.</param>
    public static string Of(IEnumerable<FeatureMapSpecification> features, bool holdsOut = false, FoldSpecification? withoutFold = null)
    {
        var text = TextOf(features);
        if (holdsOut)
            text.Append(CultureInfo.InvariantCulture, $"without fold {RowFold.HeldOut} of {RowFold.Count}\n");
        if (withoutFold is not null)
            text.Append(CultureInfo.InvariantCulture, $"without fold {withoutFold.Fold} of {withoutFold.Of}\n");
        return Sha256(text.ToString());
    }

    /// <summary>Of rows that are counted by sub-classes of their labels.</summary>
    /// <param name="rows">The hash of the same rows counted by their labels.</param>
    /// <param name="subclasses">How they are told into sub-classes.</param>
    internal static string Of(string rows, SubclassWork subclasses) => Sha256($"{rows}\n{TextOf(subclasses)}\n");

    /// <summary>What the sub-classes of rows depend on; at the start alpha has no part in it.</summary>
    internal static string TextOf(SubclassWork work) => FormattableString.Invariant(
        $"subclasses {work.Count} seed {work.Seed}{(work.Passes.IsEmpty ? "" : FormattableString.Invariant($" alpha {work.Alpha} passes"))}{string.Concat(work.Passes.Select(pass => $" {pass.StatisticsSha256}"))}");

    private static StringBuilder TextOf(IEnumerable<FeatureMapSpecification> features)
    {
        var text = new StringBuilder("explicit-statistics 1\n");
        foreach (var feature in features)
        {
            text.Append(feature.Map switch
            {
                FeatureMapKind.Bins => FormattableString.Invariant($"bins levels {string.Join(' ', feature.Levels)}\n"),
                FeatureMapKind.Patches => FormattableString.Invariant(
                    $"patches {feature.Width} x {feature.Height} stride {feature.Stride} levels {string.Join(' ', feature.Levels)}\n"),
                FeatureMapKind.Orientations => FormattableString.Invariant(
                    $"orientations cell {feature.Cell} stride {feature.Stride} bins {feature.Bins} thresholds {string.Join(' ', feature.Thresholds)} shapes {string.Join(' ', feature.Shapes)} distance {feature.Distance}\n"),
                FeatureMapKind.Layer => TextOf(feature.Solved ?? throw new InvalidOperationException("The layer is not solved yet.")),
                _ => $"{feature.Map.ToString().ToLowerInvariant()}\n",
            });
        }
        return text;
    }

    /// <summary>What a layer's activations depend on: the content of its statistics, what its rows are, and its settings.</summary>
    private static string TextOf(SolvedLayer layer)
    {
        var (settings, solve) = (layer.Settings, layer.Settings.Solve);
        var windows = settings.Windows is { } size ? FormattableString.Invariant($"{size.Width} x {size.Height} stride {size.Stride}") : "whole";
        var tuples = settings.Tuples is { } drawn ? FormattableString.Invariant($"{drawn.Size} x {drawn.Count} seed {drawn.Seed}") : "none";
        var temperature = settings.Activation == LayerActivation.Classes ? "" : FormattableString.Invariant($" k {solve.K[0]} beta {solve.Beta}");
        var refined = layer.MovesSha256 is { } moves ? $" refined {moves}" : "";
        var rows = settings.Text is { } text ? $"texts {TextFeatures.StatisticsHash(text, layer.VocabularySha256!, holdsOut: false)}" : $"features {Of(settings.Features)}";
        return FormattableString.Invariant(
            $"layer {settings.Activation.ToString().ToLowerInvariant()} alpha {solve.Alpha[0]}{temperature} windows {windows} tuples {tuples} {rows} statistics {layer.StatisticsSha256}{TargetsOf(layer)}{refined}\n");
    }

    private static string TargetsOf(SolvedLayer layer) => layer.Settings.Targets switch
    {
        null => "",
        { Code: > 0 } codes => FormattableString.Invariant($" code {codes.Code} seed {codes.Seed}"),
        _ => $" {TextOf(LayerMaps.SubclassesOf(layer))}",
    };

    /// <summary>Hexadecimal SHA-256 of UTF-8 text.</summary>
    public static string Sha256(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
