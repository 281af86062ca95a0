using System.Globalization;
using ExplicitCluster.Abstractions.Texts;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Grains.Hosting;
using ExplicitCluster.Grains.Reduction;
using ExplicitCluster.Numerics.Features;
using ExplicitCluster.Numerics.Groups;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Grains.Texts;

/// <summary>The tables of a solution by groups, loaded once a silo.</summary>
internal sealed class FitTables(IArtifactStore store, SharedArtifacts shared, FitWork fit, Vocabulary vocabulary)
{
    /// <summary>The class prior.</summary>
    public double[] Prior { get; } = RatioTable.PriorOf(MergedTables.TotalsOf(fit.Merged));

    /// <summary>How often a row of each class counts; null where each counts once.</summary>
    public double[]? ClassWeights { get; } = MergedTables.TotalsOf(fit.Merged).Weights;

    /// <summary>Slots of the inputs.</summary>
    public FeatureSlots Slots { get; } = new(vocabulary.Layout, vocabulary.Rows());

    /// <summary>What names the counts, and how often they count.</summary>
    public static string NameOf(FitWork fit) => fit.Merged.ClassWeights.IsDefaultOrEmpty
        ? fit.Merged.Name
        : $"{fit.Merged.Name} {string.Join(' ', fit.Merged.ClassWeights.Select(weight => weight.ToString("R", CultureInfo.InvariantCulture)))}";

    /// <summary>One layer's table.</summary>
    public Task<RatioTable> OfAsync(int layer, CancellationToken cancellationToken)
    {
        var (expected, settings) = (fit.Layers[layer].Expected, fit.Settings);
        return shared.GetAsync(
            $"{NameOf(fit)} {expected?.Name} {(expected is null ? settings.Alpha : settings.PassAlpha):R}",
            async token =>
            {
                var counts = await shared.GetAsync<CountTable>($"{fit.Merged.Name} counts", inner => MergedTables.LoadAsync(store, fit.Merged, inner), token);
                return expected is null
                    ? RatioTable.First(counts, Slots.Rows, Prior, settings.Alpha, ClassWeights)
                    : RatioTable.Pass(counts, await MergedTables.LoadAsync(store, expected, token), Slots.Rows, Prior, settings.PassAlpha, ClassWeights);
            },
            cancellationToken);
    }

    /// <summary>Weights of all layers at their temperatures: (D, C), float32.</summary>
    public async Task<float[]> WeightsAsync(CancellationToken cancellationToken)
    {
        var (inputs, classes) = (fit.Merged.Inputs, Prior.Length);
        double[] sum = [];
        var stride = 0;
        for (var layer = 0; layer < fit.Layers.Length; layer++)
        {
            var table = await OfAsync(layer, cancellationToken);
            stride = table.Stride;
            if (layer == 0)
                sum = new double[(long)inputs * stride];
            table.AddTo(sum, Slots, fit.Layers[layer].Temperatures.AsSpan());
        }
        var weights = new float[(long)inputs * classes];
        for (var input = 0; input < inputs; input++)
        {
            for (var c = 0; c < classes; c++)
                weights[(long)input * classes + c] = (float)sum[(long)input * stride + c];
        }
        return weights;
    }
}
