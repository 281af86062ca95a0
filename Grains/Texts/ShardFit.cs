using ExplicitCluster.Abstractions.Shards;
using ExplicitCluster.Abstractions.Texts;
using ExplicitCluster.Numerics.Groups;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Grains.Texts;

/// <summary>
/// Where a shard's rows are in a solution by groups: their left-out scores after some layers, and the scores of the next one. It goes forward with what is asked of it;
/// where that does not follow from where it is, it is of no use and another is made from the rows.
/// </summary>
internal sealed class ShardFit(string origin, SlotScores scores)
{
    private readonly List<string> _applied = [];
    private string? _taken;

    /// <summary>Left-out loss of the layers that were applied, in units of 2^-40.</summary>
    public Int128 Loss { get; private set; }

    /// <summary>What names the rows and the counts that a fit is of.</summary>
    public static string OriginOf(ShardWork work, FitWork fit) => $"{work.StatisticsName} {FitTables.NameOf(fit)} {fit.Settings}";

    /// <summary>Whether the rows can go on from here.</summary>
    public bool LeadsTo(string of, FitWork fit) =>
        of == origin && _applied.Count <= fit.Layers.Length && _applied.SequenceEqual(fit.Layers.Take(_applied.Count).Select(NameOf)) &&
        (_taken is null || (_applied.Count < fit.Layers.Length && _taken == TableOf(fit.Layers[_applied.Count])));

    /// <summary>Sums at temperatures of the last layer.</summary>
    public async Task<ExactTemperatureSums> SumAsync(FitWork fit, double[] temperatures, Func<int, Task<RatioTable>> tableOf)
    {
        await ForwardAsync(fit, fit.Layers.Length - 1, tableOf);
        await TakeAsync(fit, fit.Layers.Length - 1, tableOf);
        return scores.Sums(temperatures);
    }

    /// <summary>What all layers together expect.</summary>
    public async Task<CountTable> ExpectAsync(FitWork fit, Func<int, Task<RatioTable>> tableOf)
    {
        await ForwardAsync(fit, fit.Layers.Length, tableOf);
        return scores.Expect(0, 1);
    }

    /// <summary>Applies all layers.</summary>
    public Task FinishAsync(FitWork fit, Func<int, Task<RatioTable>> tableOf) => ForwardAsync(fit, fit.Layers.Length, tableOf);

    private async Task ForwardAsync(FitWork fit, int layers, Func<int, Task<RatioTable>> tableOf)
    {
        while (_applied.Count < layers)
        {
            var layer = fit.Layers[_applied.Count];
            await TakeAsync(fit, _applied.Count, tableOf);
            Loss = scores.Apply([.. layer.Temperatures]);
            _applied.Add(NameOf(layer));
            _taken = null;
        }
    }

    private async Task TakeAsync(FitWork fit, int layer, Func<int, Task<RatioTable>> tableOf)
    {
        if (_taken is not null)
            return;
        var table = await tableOf(layer);
        if (layer == 0)
            scores.TakeFirst(table);
        else
            scores.TakePass(table, 0, 1);
        _taken = TableOf(fit.Layers[layer]);
    }

    private static string TableOf(FitLayer layer) => layer.Expected?.Name ?? "first";

    private static string NameOf(FitLayer layer) => $"{TableOf(layer)} {string.Join(' ', layer.Temperatures.Select(e => e.ToString("R")))}";
}
