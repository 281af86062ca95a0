using System.Collections.Immutable;
using ExplicitCluster.Data.Formats;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Numerics.Language;

namespace ExplicitCluster.Grains.Language;

/// <summary>Counts the cells of several sets over documents and writes them as sorted runs, one whenever a counter is full.</summary>
internal sealed class RunWriter
{
    /// <summary>Bytes of a position that is gathered, of which seven in eight are learned from.</summary>
    public const int PositionBytes = 18;

    private readonly IArtifactStore _store;
    private readonly LagSet[] _sets;
    private readonly string _name;

    /// <summary>Single lags are counted together, where there are several.</summary>
    private readonly LagSet[] _singles;
    private readonly PairCounter? _pairs;
    private readonly Dictionary<LagSet, CellCounter> _counters = [];
    private readonly Dictionary<LagSet, ImmutableArray<string>> _runs;
    private bool _hasPairs;

    /// <param name="store">Where to.</param>
    /// <param name="packing">The vocabulary.</param>
    /// <param name="sets">What to count.</param>
    /// <param name="positions">Positions of a run.</param>
    /// <param name="name">What the names of runs begin with.</param>
    public RunWriter(IArtifactStore store, CellPacking packing, LagSet[] sets, int positions, string name)
    {
        (_store, _sets, _name) = (store, sets, name);
        _runs = sets.ToDictionary(set => set, _ => ImmutableArray<string>.Empty);
        _singles = [.. sets.Where(set => set.Lags.Length == 1)];
        if (_singles.Length is < 2 or > PairCounter.MostLags || packing.Vocabulary > PairCounter.MostVocabulary)
            _singles = [];
        _pairs = _singles.Length == 0 ? null : new PairCounter(packing, [.. _singles.Select(set => set.Last)], positions);
        foreach (var set in sets.Except(_singles))
            _counters[set] = new CellCounter(packing, set, positions);
    }

    /// <summary>Adds a document.</summary>
    public async Task AddAsync(int[] ids, int count, CancellationToken cancellationToken)
    {
        foreach (var (set, counter) in _counters)
        {
            for (var first = 0; first < count; first += counter.Add(ids.AsSpan(0, count), first))
            {
                if (counter.Free == 0)
                    await DrainAsync(set, counter, cancellationToken);
            }
        }
        for (var first = 0; _pairs is not null && first < count; first += _pairs.Add(ids.AsSpan(0, count), first))
        {
            if (_pairs.Free == 0)
                await DrainPairsAsync(_pairs, cancellationToken);
            _hasPairs = true;
        }
    }

    /// <summary>Writes what is left, and gives the names of all runs by set.</summary>
    public async Task<ImmutableArray<ImmutableArray<string>>> EndAsync(CancellationToken cancellationToken)
    {
        foreach (var (set, counter) in _counters)
        {
            if (counter.Gathered > 0)
                await DrainAsync(set, counter, cancellationToken);
        }
        if (_hasPairs)
            await DrainPairsAsync(_pairs!, cancellationToken);
        return [.. _sets.Select(set => _runs[set])];
    }

    private async Task DrainAsync(LagSet set, CellCounter counter, CancellationToken cancellationToken)
    {
        await WriteAsync(set, counter.Drain, cancellationToken);
        counter.Clear();
    }

    private async Task DrainPairsAsync(PairCounter pairs, CancellationToken cancellationToken)
    {
        for (var i = 0; i < _singles.Length; i++)
        {
            var lag = i;
            await WriteAsync(_singles[lag], cells => pairs.Drain(lag, cells), cancellationToken);
        }
        pairs.Clear();
    }

    private async Task WriteAsync(LagSet set, Action<CellList> drain, CancellationToken cancellationToken)
    {
        var run = $"{_name}-{string.Join('-', set.Lags)}-{_runs[set].Length:D4}";
        await _store.WriteAsync(run, (stream, _) =>
        {
            using var writer = new CellFileWriter(stream);
            var cells = new CellList(CellFileWriter.BlockCells, writer.Add);
            drain(cells);
            writer.Add(cells);
            writer.End(contexts: null);
            return Task.CompletedTask;
        }, WriteCondition.Always, cancellationToken);
        _runs[set] = _runs[set].Add(run);
    }
}
