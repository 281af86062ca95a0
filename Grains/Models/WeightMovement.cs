using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Grains.Jobs;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Grains.Models;

/// <summary>
/// How far two models' weights are apart, class by class, over the inputs of the feature maps that both have which occurred in the second one's training
/// rows. Codes merged as rare have the weights of what they were merged into, so that it does not matter which of the models merged them.
/// </summary>
/// <param name="Inputs">Inputs compared.</param>
/// <param name="Maps">Feature maps that both have, by their place in the second model.</param>
/// <param name="Classes">A class each.</param>
public sealed record WeightMovement(int Inputs, ImmutableArray<int> Maps, ImmutableArray<ClassMovement> Classes)
{
    /// <summary>Null where the models have no map, shape of a row or labels in common.</summary>
    /// <param name="from">The first model.</param>
    /// <param name="to">The second model.</param>
    /// <param name="counts">The second model's statistics.</param>
    /// <param name="most">Inputs to name a class.</param>
    internal static WeightMovement? Of(TrainedModel from, TrainedModel to, CountTable counts, int most)
    {
        var maps = CommonMaps(from, to);
        return maps.Count == 0 ? null : Of(from, to, counts, maps, most);
    }

    private static WeightMovement Of(TrainedModel from, TrainedModel to, CountTable counts, List<(int From, int To)> maps, int most)
    {
        var sums = to.Description.Labels.Select(_ => new Sums(most)).ToArray();
        var layout = to.Encoder.Layout;
        var rows = (double)to.Description.Lineage.Statistics.ClassRows.Sum();
        var (before, after) = (new double[to.Classes], new double[to.Classes]);
        var inputs = 0;
        foreach (var (fromMap, toMap) in maps)
        {
            var (first, map) = (from.Encoder.Layout.Maps[fromMap].FirstInput, layout.Maps[toMap]);
            var unit = layout.Groups[layout.Locate(map.FirstInput).Group].Unit;
            for (var i = LowerBound(counts.Seen, map.FirstInput); i < counts.Seen.Length && counts.Seen[i] < map.FirstInput + map.Inputs; i++, inputs++)
            {
                var input = counts.Seen[i];
                Centre(from.WeightsOf(input - map.FirstInput + first), before);
                Centre(to.WeightsOf(input), after);
                var count = 0L;
                foreach (var part in counts.Row(i))
                    count += part;
                for (var c = 0; c < sums.Length; c++)
                    sums[c].Add(new InputMovement(input, before[c], after[c], count / (rows * unit), map.Blocks > 0 ? count : null));
            }
        }
        return new WeightMovement(inputs, [.. maps.Select(map => map.To)], [.. sums.Select((sum, c) => sum.ToClass(to.Description.Labels[c]))]);
    }

    /// <summary>Places of the maps that are in both models with the same settings.</summary>
    private static List<(int From, int To)> CommonMaps(TrainedModel from, TrainedModel to)
    {
        var common = new List<(int, int)>();
        if (from.Encoder.Shape != to.Encoder.Shape || !from.Description.Labels.SequenceEqual(to.Description.Labels))
            return common;
        var (left, right) = (from.Description.Encoding.Features, to.Description.Encoding.Features);
        for (var i = 0; i < right.Length; i++)
        {
            var same = Enumerable.Range(0, left.Length).FirstOrDefault(j => IsSame(left[j], right[i]) && !common.Exists(pair => pair.Item1 == j), -1);
            if (same >= 0)
                common.Add((same, i));
        }
        return common;
    }

    private static bool IsSame(FeatureMapSpecification a, FeatureMapSpecification b) => SpecificationHash.Of([a]) == SpecificationHash.Of([b]);

    private static int LowerBound(int[] ascending, int value)
    {
        var at = Array.BinarySearch(ascending, value);
        return at < 0 ? ~at : at;
    }

    private static void Centre(ReadOnlySpan<float> weights, double[] centred)
    {
        var sum = 0.0;
        foreach (var weight in weights)
            sum += weight;
        for (var c = 0; c < centred.Length; c++)
            centred[c] = weights[c] - sum / weights.Length;
    }

    /// <summary>The sums of one class, and the inputs that moved it most so far.</summary>
    private sealed class Sums(int most)
    {
        private readonly PriorityQueue<InputMovement, double> _moved = new();
        private double _apart;
        private double _from;
        private double _to;
        private double _product;

        public void Add(InputMovement input)
        {
            _apart += input.Change * input.Change;
            _from += input.From * input.From;
            _to += input.To * input.To;
            _product += input.From * input.To;
            if (input.Change == 0)
                return;
            if (_moved.Count < most)
                _moved.Enqueue(input, Math.Abs(input.Effect));
            else
                _moved.EnqueueDequeue(input, Math.Abs(input.Effect));
        }

        public ClassMovement ToClass(string label) => new(
            label,
            Math.Sqrt(_apart),
            Math.Sqrt(_from),
            Math.Sqrt(_to),
            _product,
            [.. _moved.UnorderedItems.Select(item => item.Element).OrderByDescending(input => Math.Abs(input.Effect)).ThenBy(input => input.Input)]);
    }
}
