using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Errors;
using ExplicitCluster.Abstractions.Reduction;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Numerics.Encodings;

namespace ExplicitCluster.Grains.Reduction;

/// <summary>From weights by label to weights by class, once the classes and their totals are known. F itself has no part in it.</summary>
internal static class ClassWeighting
{
    /// <summary>The same statistics with what a specification says of their classes.</summary>
    /// <param name="merged">The statistics.</param>
    /// <param name="weights">What is said of the classes, if anything is.</param>
    /// <param name="layout">What rows are.</param>
    /// <param name="byRows">Whether balanced classes are such with equal numbers of rows, not of evidence.</param>
    /// <exception cref="JobException">A label that no training row has.</exception>
    public static MergedStatistics With(MergedStatistics merged, ClassWeightSpecification? weights, RowLayout layout, bool byRows = false)
    {
        if (weights is null)
            return merged;
        if (weights.IsBalanced)
        {
            var totals = MergedTables.TotalsOf(merged);
            return merged with { ClassWeights = [.. byRows ? totals.BalancedByRows() : totals.Balanced(layout)] };
        }
        if (weights.Weights.FirstOrDefault(weight => !merged.Labels.Contains(weight.Label)) is { } unknown)
            throw new JobException($"solve.classWeights has the label '{unknown.Label}', and no training row has it", "see the labels with 'explicit data show'");
        var byLabel = weights.Weights.ToImmutableDictionary(weight => weight.Label, weight => weight.Weight, StringComparer.Ordinal);
        return merged with { ClassWeights = [.. merged.Labels.Select(label => byLabel.GetValueOrDefault(label, 1))] };
    }
}
