using System.Diagnostics;
using System.Runtime.InteropServices;
using ExplicitCluster.Abstractions.Refinement;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Data.Formats;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Grains.Hosting;
using ExplicitCluster.Grains.Models;
using ExplicitCluster.Grains.Shards;
using ExplicitCluster.Numerics.Metrics;
using ExplicitCluster.Numerics.Refinement;

namespace ExplicitCluster.Grains.Refinement;

/// <inheritdoc cref="IAveragingWorkerGrain"/>
[SpreadPlacement]
internal sealed class AveragingWorkerGrain(IArtifactStore store, RefinementGate gate, SharedArtifacts shared, SharedReadings readings) : RefinementGrain, IAveragingWorkerGrain
{
    private const int PartsInFlight = 3;

    /// <summary>The number under which a gradient is averaged.</summary>
    private const int BeforeRounds = -1;

    /// <summary>The attempt that was joined, and the same once it is prepared.</summary>
    private AveragingWork? _joined;

    private AveragingWork? _work;
    private AveragingTables? _tables;
    private AveragingRows? _rows;
    private LocalSteps? _steps;
    private float[] _parameters = [];
    private (string Statistics, int Compact, HiddenTargetSpecification? Codes, AveragingSpecification? Settings, long TrainRows, string Test) _read;
    private long _epoch = -1;
    private int _worker;
    private int _workers;

    protected override long Epoch => _epoch;

    private string Job => this.GetPrimaryKeyString()[..this.GetPrimaryKeyString().LastIndexOf('/')];

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        readings.Leave(Job, _epoch);
        return Task.CompletedTask;
    }

    public Task JoinAsync(AveragingWork work, WorkerShare train, WorkerShare test, CancellationToken cancellationToken = default)
    {
        if (_epoch > work.Epoch)
            throw Stale();
        (_work, _joined, _epoch, _worker, _workers) = (null, work, work.Epoch, train.Worker, train.Workers);
        DelayDeactivation(RefinementLife.Longest);
        // Rows stay from attempt to attempt, but not where a source changed in between.
        var read = (work.Merged.Name, work.Compact, work.Codes, work.Settings, train.AllRows, string.Join(' ', test.Pieces.Select(piece => piece.Work.Shard.Hash)));
        if (_rows is null || _read != read)
        {
            (_rows, _steps, _read) = (null, null, read);
            readings.Join(Job, work, train, test);
        }
        return Task.CompletedTask;
    }

    public Task<RoundTotals> PrepareAsync(long epoch, CancellationToken cancellationToken = default) => Failures.Translate(async () =>
    {
        var work = _joined is { } joined && joined.Epoch == epoch ? joined : throw Stale();
        _tables = await gate.RunAsync(token => AveragingTables.GetAsync(shared, store, work, token), cancellationToken);
        _rows ??= await readings.RowsAsync(Job, epoch, _worker, _tables, cancellationToken);
        var totals = await gate.RunAsync(
            async token =>
            {
                _steps ??= LocalSteps.Of(_rows.Train, AveragingTables.SettingsOf(work.Settings, work.Seed, _workers));
                _parameters = work.Checkpoint is { } checkpoint
                    ? (await NumbersFile.ReadAsync<float>(store, SweepWork.RunFile(checkpoint.Name, 0), checkpoint.RunFiles[0], 1, _tables.Start.Length, token))[0]
                    : (float[])_tables.Start.Clone();
                return Measure(token);
            },
            cancellationToken);
        _work = work;
        return totals;
    });

    public async Task<double> GradientAsync(long epoch, CancellationToken cancellationToken = default)
    {
        var work = Current(epoch);
        var own = await Failures.Translate(() => gate.RunAsync(token => Task.FromResult(SoftmaxGradient.Of(_steps!.Rows, _parameters, token)), cancellationToken));
        return SoftmaxGradient.Norm(await AverageAsync(work, BeforeRounds, own, cancellationToken)); // a mean over rows, as parameters are
    }

    public async Task<RoundTotals> RoundAsync(long epoch, int round, CancellationToken cancellationToken = default)
    {
        var work = Current(epoch);
        var begun = Stopwatch.GetTimestamp();
        var (own, loss) = await Failures.Translate(() => gate.RunAsync(
            token =>
            {
                SetParameters();
                var loss = _steps!.Run(_worker, round, token);
                var own = new float[_parameters.Length];
                _steps.GetBias(own.AsSpan(0, _tables!.Classes));
                _steps.GetWeights(0, own.AsSpan(_tables.Classes));
                return Task.FromResult((own, loss));
            },
            cancellationToken));
        // A worker that diverged still sends its part: the others wait for it, and the job ends the refinement.
        _parameters = await AverageAsync(work, round, own, cancellationToken);
        var seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        if (loss.Diverged)
            return new RoundTotals(loss.Rows, loss.Loss, true, null);
        return await Failures.Translate(() => gate.RunAsync(token => Task.FromResult(Measure(token) with { StepSeconds = seconds }), cancellationToken));
    }

    public Task<string> SaveAsync(long epoch, string name, CancellationToken cancellationToken = default) => Failures.Translate(() =>
    {
        Current(epoch);
        return gate.RunAsync(token => NumbersFile.WriteAsync(store, name, [_parameters], token), cancellationToken);
    });

    private void SetParameters()
    {
        _steps!.SetBias(_parameters.AsSpan(0, _tables!.Classes));
        _steps.SetWeights(0, _parameters.AsSpan(_tables.Classes));
    }

    /// <summary>The losses of the parameters on all rows of the worker.</summary>
    private RoundTotals Measure(CancellationToken cancellationToken)
    {
        SetParameters();
        var train = _steps!.Measure(cancellationToken);
        if (train.Diverged || _parameters.AsSpan().ContainsAnyExceptInRange(float.MinValue, float.MaxValue))
            return new RoundTotals(train.Rows, train.Loss, true, null);
        try
        {
            var layer = _tables!.LayerOf(_parameters);
            var (heldOut, test) = (Evaluate(layer, _rows!.HeldOut), Evaluate(layer, _rows.Test));
            return new RoundTotals(train.Rows, train.Loss, false, test.Rows == 0 ? null : EvaluationReports.CountsOf(test))
            {
                HeldOutRows = heldOut.Rows,
                HeldOutLoss = heldOut.Loss,
                ToExplicit = _worker == 0 ? _tables.DistanceOf(_parameters) : null,
            };
        }
        catch (OverflowException) // a loss beyond all sums
        {
            return new RoundTotals(train.Rows, train.Loss, true, null);
        }
    }

    private Evaluation Evaluate(Func<EncodedChunk, double[]> layer, List<EncodedChunk> chunks)
    {
        var evaluation = new Evaluation(_tables!.Classes);
        foreach (var chunk in chunks)
            evaluation.Add(layer(chunk), chunk.Classes);
        return evaluation;
    }

    /// <summary>Sends the parameters to the reducers in messages of bounded size, a few at a time, and joins the means.</summary>
    private async Task<float[]> AverageAsync(AveragingWork work, int round, float[] own, CancellationToken cancellationToken)
    {
        var mean = new float[own.Length];
        using var slots = new SemaphoreSlim(PartsInFlight);
        await Task.WhenAll(Enumerable.Range(0, (own.Length + ParameterPart.MostValues - 1) / ParameterPart.MostValues).Select(async part =>
        {
            await slots.WaitAsync(cancellationToken);
            try
            {
                var first = part * ParameterPart.MostValues;
                var values = MemoryMarshal.AsBytes(own.AsSpan(first, Math.Min(ParameterPart.MostValues, own.Length - first))).ToArray();
                var reducer = GrainFactory.GetGrain<IAveragingReducerGrain>($"{Job}/{part % work.Reducers}");
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
