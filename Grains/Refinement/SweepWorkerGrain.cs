using System.Collections.Immutable;
using System.Runtime.InteropServices;
using ExplicitCluster.Abstractions.Refinement;
using ExplicitCluster.Data.Formats;
using ExplicitCluster.Data.Sources;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Grains.Hosting;
using ExplicitCluster.Numerics.Refinement;

namespace ExplicitCluster.Grains.Refinement;

/// <inheritdoc cref="ISweepWorkerGrain"/>
[SpreadPlacement]
internal sealed class SweepWorkerGrain(IArtifactStore store, SourceReader reader, RefinementGate gate, SharedArtifacts shared) : RefinementGrain, ISweepWorkerGrain
{
    private const int PartsInFlight = 3;

    private SweepWork? _work;
    private SweepTables? _tables;
    private SweepRows? _rows;
    private SweepRun[] _runs = [];
    private byte[][] _own = [];
    private int[][][] _chunks = [];
    private (string Statistics, int Compact, long AllRows, int RunRows) _read;
    private long _epoch = -1;
    private int _sweep;

    protected override long Epoch => _epoch;

    public Task PrepareAsync(SweepWork work, WorkerShare share, CancellationToken cancellationToken = default) => Failures.Translate(async () =>
    {
        if (_epoch > work.Epoch)
            throw Stale();
        (_work, _epoch) = (null, work.Epoch);
        DelayDeactivation(RefinementLife.Longest);
        // Rows stay from attempt to attempt, but not where a source changed in between.
        if (_read != (work.Merged.Name, work.Compact, share.AllRows, share.RunRows))
            _rows = null;
        await gate.RunAsync(
            async token =>
            {
                _tables = await SweepTables.GetAsync(shared, store, work, token);
                var start = work is { Checkpoint: null, Start: not null } ? await ExplicitStart.GetAsync(shared, store, work, _tables, token) : null;
                // Scores of an explicit start are formed while rows are read.
                if (_rows is null || start is not null)
                    await ReadAsync(work, share, start, token);
                if (start is null)
                    await TakeScoresAsync(work, share, token);
                return 0;
            },
            cancellationToken);
        if (_epoch != work.Epoch)
            throw Stale();
        (_work, _sweep) = (work, 0);
        return 0;
    });

    public async Task<ImmutableArray<LineTotals>> DirectAsync(SweepStep step, CancellationToken cancellationToken = default)
    {
        var work = Current(step.Epoch);
        if (_sweep != step.Sweep)
        {
            _chunks = [.. _runs.Select((_, run) => SweepPlan.ChunksOf(_tables!.Compaction.Blocks, work.Settings.BlocksPerChunk, run + 1, step.Sweep, work.Seed))];
            _sweep = step.Sweep;
        }
        var classes = work.Merged.Labels.Length;
        int[] active = [.. Enumerable.Range(0, _runs.Length).Where(run => step.Active[run])];
        var chunks = active.ToDictionary(run => run, run => new SweepChunk(_tables!.Compaction, _chunks[run][step.Chunk]));
        var own = await ComputeAsync(active, run =>
        {
            if (step.LastSteps[run] != 0)
                _runs[run].Move(step.LastSteps[run]);
            var expected = RoomFor(run, chunks[run].Cells * classes * sizeof(long));
            _runs[run].Expect(chunks[run], MemoryMarshal.Cast<byte, long>(expected.Span));
            return expected;
        }, cancellationToken);
        var sums = await Task.WhenAll(active.Select((run, i) => AddUpAsync(step, run, own[i], classes, cancellationToken)));
        var totals = await ComputeAsync(active, run =>
        {
            var expected = MemoryMarshal.Cast<byte, long>(sums[Array.IndexOf(active, run)].Span);
            _runs[run].Direct(chunks[run], _tables!.Counts, expected, work.Settings.Alpha);
            return _runs[run].SumsAt(0);
        }, cancellationToken);
        var all = new LineTotals[_runs.Length];
        for (var i = 0; i < active.Length; i++)
            all[active[i]] = TotalsOf(totals[i]);
        return ImmutableCollectionsMarshal.AsImmutableArray(all);
    }

    public async Task<ImmutableArray<LineTotals>> SumsAsync(long epoch, ImmutableArray<double> steps, CancellationToken cancellationToken = default)
    {
        Current(epoch);
        var all = await ComputeAsync(
            [.. Enumerable.Range(0, _runs.Length)], run => double.IsNaN(steps[run]) ? default : TotalsOf(_runs[run].SumsAt(steps[run])), cancellationToken);
        return ImmutableCollectionsMarshal.AsImmutableArray(all);
    }

    public async Task<ImmutableArray<LineTotals>> MoveAsync(long epoch, ImmutableArray<double> steps, CancellationToken cancellationToken = default)
    {
        Current(epoch);
        var all = await ComputeAsync(
            [.. Enumerable.Range(0, _runs.Length)],
            run =>
            {
                _runs[run].Move(steps[run]);
                return TotalsOf(_runs[run].SumsAt(0));
            },
            cancellationToken);
        return ImmutableCollectionsMarshal.AsImmutableArray(all);
    }

    public Task<string> SaveAsync(long epoch, string name, CancellationToken cancellationToken = default) => Failures.Translate(() =>
    {
        Current(epoch);
        return gate.RunAsync(
            token =>
            {
                var length = _rows!.Count * _tables!.Counts.Classes;
                var scores = new double[_runs.Length][];
                for (var run = 0; run < _runs.Length; run++)
                    _runs[run].CopyScoresTo(scores[run] = new double[length]);
                return NumbersFile.WriteAsync(store, name, scores, token);
            },
            cancellationToken);
    });

    private async Task ReadAsync(SweepWork work, WorkerShare share, ExplicitStart? start, CancellationToken cancellationToken)
    {
        var classes = work.Merged.Labels.Length;
        var rows = new SweepRows(_tables!.Compaction, (int)share.Rows);
        var scores = start is null ? [] : new double[share.Rows * classes];
        await WorkerRows.ForEachChunkAsync(
            reader,
            share,
            _tables.Targets?.Labels ?? work.Merged.Labels,
            _tables.Encoder,
            read =>
            {
                var chunk = _tables.Targets?.Of(read) ?? read;
                start?.WriteScores(chunk.Blocks!, chunk.Classes, rows.Count, scores, (int)share.Rows);
                rows.Add(chunk.Blocks!, chunk.Classes);
            },
            cancellationToken);
        (_rows, _read) = (rows, (work.Merged.Name, work.Compact, share.AllRows, share.RunRows));
        var workspace = new SweepWorkspace(classes);
        _runs = [.. Enumerable.Range(0, work.Settings.Average).Select(_ => new SweepRun(rows, workspace))];
        if (start is null)
            return;
        foreach (var run in _runs)
            run.SetScores(scores);
    }

    private async Task TakeScoresAsync(SweepWork work, WorkerShare share, CancellationToken cancellationToken)
    {
        if (work.Checkpoint is not { } checkpoint)
        {
            foreach (var run in _runs)
                run.SetScoresToPrior(_tables!.LogPrior);
            return;
        }
        var length = _rows!.Count * work.Merged.Labels.Length;
        var scores = await NumbersFile.ReadAsync<double>(
            store, SweepWork.WorkerFile(checkpoint.Name, share.Worker), checkpoint.WorkerFiles[share.Worker], _runs.Length, length, cancellationToken);
        for (var run = 0; run < _runs.Length; run++)
            _runs[run].SetScores(scores[run]);
    }

    /// <summary>Sends the counts to the run's reducer in messages of bounded size, a few at a time, and joins the sums.</summary>
    private async Task<ReadOnlyMemory<byte>> AddUpAsync(SweepStep step, int run, Memory<byte> own, int classes, CancellationToken cancellationToken)
    {
        var reducer = GrainFactory.GetGrain<ISweepReducerGrain>(ReducerKey(run));
        var partBytes = ExpectedCounts.CellsPerPart(classes) * classes * sizeof(long);
        if (own.Length <= partBytes)
            return (await AddAsync(0)).Cells;
        var sums = new byte[own.Length];
        using var slots = new SemaphoreSlim(PartsInFlight);
        await Task.WhenAll(Enumerable.Range(0, (own.Length + partBytes - 1) / partBytes).Select(async part =>
        {
            await slots.WaitAsync(cancellationToken);
            try
            {
                (await AddAsync(part)).Cells.CopyTo(sums.AsMemory(part * partBytes));
            }
            finally
            {
                slots.Release();
            }
        }));
        return sums;

        Task<ExpectedCounts> AddAsync(int part)
        {
            var range = own.Slice(part * partBytes, Math.Min(partBytes, own.Length - part * partBytes));
            return reducer.AddAsync(new ExpectedCounts(step.Epoch, step.Sweep, step.Chunk, part, step.LastSteps[run], range), cancellationToken);
        }
    }

    /// <summary>Zeros for the expected counts of a chunk: the same memory for every chunk of a run, whose sums the reducer has taken before the next begins.</summary>
    private Memory<byte> RoomFor(int run, int length)
    {
        if (_own.Length != _runs.Length)
            _own = [.. _runs.Select(_ => Array.Empty<byte>())];
        if (_own[run].Length < length)
            _own[run] = new byte[length + length / 4];
        var room = _own[run].AsMemory(0, length);
        room.Span.Clear();
        return room;
    }

    private Task<T[]> ComputeAsync<T>(int[] runs, Func<int, T> compute, CancellationToken cancellationToken) => Failures.Translate(() => gate.RunAsync(
        token =>
        {
            var results = new T[runs.Length];
            for (var i = 0; i < runs.Length; i++)
            {
                token.ThrowIfCancellationRequested();
                results[i] = compute(runs[i]);
            }
            return Task.FromResult(results);
        },
        cancellationToken));

    private string ReducerKey(int run)
    {
        var key = this.GetPrimaryKeyString();
        return $"{key[..key.LastIndexOf('/')]}/{run}";
    }

    private SweepWork Current(long epoch) => _work is { } work && work.Epoch == epoch ? work : throw Stale();

    private static SiloUnavailableException Stale() => new("the worker has lost its rows, or another attempt has begun");

    private static LineTotals TotalsOf(LineSums sums) => new(sums.Loss, sums.Gradient, sums.Curvature);
}
