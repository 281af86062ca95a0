using System.Collections.Immutable;
using ExplicitCluster.Data.Formats;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Numerics.Language;

namespace ExplicitCluster.Grains.Language;

/// <summary>Counts the cells of several sets over documents and writes them as sorted runs, one whenever a counter is full.</summary>
/// <param name="store">Where to.</param>
/// <param name="packing">The vocabulary.</param>
/// <param name="sets">What to count.</param>
/// <param name="positions">Positions of a run.</param>
/// <param name="name">What the names of runs begin with.</param>
internal sealed class RunWriter(IArtifactStore store, CellPacking packing, LagSet[] sets, int positions, string name)
{
    private readonly CellCounter[] _counters = Array.ConvertAll(sets, set => new CellCounter(packing, set, positions));
    private readonly ImmutableArray<string>[] _runs = Array.ConvertAll(sets, _ => ImmutableArray<string>.Empty);
    private readonly CellList _cells = new();

    /// <summary>Adds a document.</summary>
    public async Task AddAsync(int[] ids, int count, CancellationToken cancellationToken)
    {
        for (var set = 0; set < sets.Length; set++)
        {
            for (var first = 0; first < count; first += _counters[set].Add(ids.AsSpan(0, count), first))
            {
                if (_counters[set].Free == 0)
                    await DrainAsync(set, cancellationToken);
            }
        }
    }

    /// <summary>Writes what is left, and gives the names of all runs by set.</summary>
    public async Task<ImmutableArray<ImmutableArray<string>>> EndAsync(CancellationToken cancellationToken)
    {
        for (var set = 0; set < sets.Length; set++)
        {
            if (_counters[set].Gathered > 0)
                await DrainAsync(set, cancellationToken);
        }
        return [.. _runs];
    }

    private async Task DrainAsync(int set, CancellationToken cancellationToken)
    {
        _cells.Clear();
        _counters[set].Drain(_cells);
        var run = $"{name}-{string.Join('-', sets[set].Lags)}-{_runs[set].Length:D4}";
        await store.WriteAsync(run, (stream, _) =>
        {
            using var writer = new CellFileWriter(stream);
            writer.Add(_cells);
            writer.End(contexts: null);
            return Task.CompletedTask;
        }, WriteCondition.Always, cancellationToken);
        _runs[set] = _runs[set].Add(run);
    }
}
