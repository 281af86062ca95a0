using System.Runtime.InteropServices;
using ExplicitCluster.Abstractions.Refinement;
using ExplicitCluster.Data.Sources;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Grains.Hosting;
using ExplicitCluster.Grains.Models;
using ExplicitCluster.Grains.Shards;
using ExplicitCluster.Numerics.Metrics;
using ExplicitCluster.Numerics.Refinement;

namespace ExplicitCluster.Grains.Refinement;

/// <inheritdoc cref="IAveragingWorkerGrain"/>
[SpreadPlacement]
internal sealed class AveragingWorkerGrain(IArtifactStore store, SourceReader reader, RefinementGate gate, SharedArtifacts shared) : RefinementGrain, IAveragingWorkerGrain
{
    private const int PartsInFlight = 3;

    private readonly List<EncodedChunk> _test = [];
    private AveragingWork? _work;
    private AveragingTables? _tables;
    private LocalSteps? _steps;
    private float[] _parameters = [];
    private (string Statistics, int Compact, long TrainRows, long TestRows) _read;
    private long _epoch = -1;
    private int _worker;
    private (long Rows, Int128 Loss) _startLoss;

    protected override long Epoch => _epoch;

    public Task<RoundTotals> PrepareAsync(AveragingWork work, WorkerShare train, WorkerShare test, CancellationToken cancellationToken = default) => Failures.Translate(async () =>
    {
        if (_epoch > work.Epoch)
            throw Stale();
        (_work, _epoch) = (null, work.Epoch);
        DelayDeactivation(RefinementLife.Longest);
        // Rows stay from attempt to attempt, but not where a source changed in between.
        if (_read != (work.Merged.Name, work.Compact, train.AllRows, test.AllRows))
            _steps = null;
        var totals = await gate.RunAsync(
            async token =>
            {
                _tables = await AveragingTables.GetAsync(shared, store, work, token);
                if (_steps is null)
                    await ReadAsync(work, train, test, token);
                _parameters = work.Checkpoint is { } checkpoint
                    ? await NumbersFile.ReadAsync<float>(store, SweepWork.RunFile(checkpoint.Name, 0), checkpoint.RunFiles[0], _tables.Start.LongLength, token)
                    : (float[])_tables.Start.Clone();
                return new RoundTotals(_startLoss.Rows, _startLoss.Loss, false, TestOf(_parameters));
            },
            cancellationToken);
        if (_epoch != work.Epoch)
            throw Stale();
        (_work, _worker) = (work, train.Worker);
        return totals;
    });

    public async Task<RoundTotals> RoundAsync(long epoch, int round, CancellationToken cancellationToken = default)
    {
        var work = Current(epoch);
        var (own, loss) = await Failures.Translate(() => gate.RunAsync(
            token =>
            {
                _steps!.SetBias(_parameters.AsSpan(0, _tables!.Classes));
                _steps.SetWeights(0, _parameters.AsSpan(_tables.Classes));
                var loss = _steps.Run(_worker, round, token);
                var own = new float[_parameters.Length];
                _steps.GetBias(own.AsSpan(0, _tables.Classes));
                _steps.GetWeights(0, own.AsSpan(_tables.Classes));
                return Task.FromResult((own, loss));
            },
            cancellationToken));
        // A worker that diverged still sends its part: the others wait for it, and the job ends the refinement.
        _parameters = await AverageAsync(work, round, own, cancellationToken);
        if (loss.Diverged)
            return new RoundTotals(loss.Rows, loss.Loss, true, null);
        return await Failures.Translate(() => gate.RunAsync(
            token =>
            {
                _steps!.SetBias(_parameters.AsSpan(0, _tables!.Classes));
                _steps.SetWeights(0, _parameters.AsSpan(_tables.Classes));
                var mean = _steps.Measure(token);
                return Task.FromResult(new RoundTotals(mean.Rows, mean.Loss, mean.Diverged, TestOf(_parameters)));
            },
            cancellationToken));
    }

    public Task<string> SaveAsync(long epoch, string name, CancellationToken cancellationToken = default) => Failures.Translate(() =>
    {
        Current(epoch);
        return gate.RunAsync(token => NumbersFile.WriteAsync(store, name, _parameters, token), cancellationToken);
    });

    private async Task ReadAsync(AveragingWork work, WorkerShare train, WorkerShare test, CancellationToken cancellationToken)
    {
        var tables = _tables!;
        var rows = tables.EmptyRows();
        var layer = tables.LayerOf(tables.Start);
        var start = new Evaluation(tables.Classes);
        await WorkerRows.ForEachChunkAsync(
            reader,
            train,
            work.Merged.Labels,
            tables.Encoder,
            chunk =>
            {
                var compact = tables.Compact(chunk);
                tables.Append(rows, compact);
                start.Add(layer(compact), compact.Classes);
            },
            cancellationToken);
        _startLoss = (start.Rows, start.Loss);
        _test.Clear();
        await WorkerRows.ForEachChunkAsync(reader, test, work.Merged.Labels, tables.Encoder, chunk => _test.Add(tables.Compact(chunk)), cancellationToken);
        _read = (work.Merged.Name, work.Compact, train.AllRows, test.AllRows);
        _steps = LocalSteps.Of(rows, AveragingTables.SettingsOf(work.Settings, work.Seed, train.Workers));
    }

    private Abstractions.Shards.EvaluationCounts? TestOf(float[] parameters)
    {
        if (_test.Count == 0 || parameters.AsSpan().ContainsAnyExceptInRange(float.MinValue, float.MaxValue))
            return null;
        var layer = _tables!.LayerOf(parameters);
        var evaluation = new Evaluation(_tables.Classes);
        foreach (var chunk in _test)
            evaluation.Add(layer(chunk), chunk.Classes);
        return EvaluationReports.CountsOf(evaluation);
    }

    /// <summary>Sends the parameters to the reducers in messages of bounded size, a few at a time, and joins the means.</summary>
    private async Task<float[]> AverageAsync(AveragingWork work, int round, float[] own, CancellationToken cancellationToken)
    {
        var mean = new float[own.Length];
        using var slots = new SemaphoreSlim(PartsInFlight);
        var job = this.GetPrimaryKeyString()[..this.GetPrimaryKeyString().LastIndexOf('/')];
        await Task.WhenAll(Enumerable.Range(0, (own.Length + ParameterPart.MostValues - 1) / ParameterPart.MostValues).Select(async part =>
        {
            await slots.WaitAsync(cancellationToken);
            try
            {
                var first = part * ParameterPart.MostValues;
                var values = MemoryMarshal.AsBytes(own.AsSpan(first, Math.Min(ParameterPart.MostValues, own.Length - first))).ToArray();
                var reducer = GrainFactory.GetGrain<IAveragingReducerGrain>($"{job}/{part % work.Reducers}");
                var sent = new ParameterPart(work.Epoch, round, part, _worker, _steps!.Rows.Count, values);
                var averaged = await reducer.AddAsync(sent, cancellationToken);
                MemoryMarshal.Cast<byte, float>(averaged.Values.Span).CopyTo(mean.AsSpan(first));
            }
            finally
            {
                slots.Release();
            }
        }));
        return mean;
    }

    private AveragingWork Current(long epoch) => _work is { } work && work.Epoch == epoch ? work : throw Stale();

    private static SiloUnavailableException Stale() => new("the worker has lost its rows, or another attempt has begun");
}
