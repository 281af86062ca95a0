using System.Numerics;
using System.Runtime.InteropServices;
using ExplicitCluster.Abstractions.Refinement;
using ExplicitCluster.Data.Formats;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Grains.Hosting;
using ExplicitCluster.Numerics.Refinement;

namespace ExplicitCluster.Grains.Refinement;

/// <inheritdoc cref="ISweepReducerGrain"/>
/// <remarks>Only <see cref="AddAsync"/> interleaves, where every worker waits until all have come: who was let go is not prepared again before it is gone.</remarks>
[SpreadPlacement]
internal sealed class SweepReducerGrain(IArtifactStore store, RefinementGate gate, SharedArtifacts shared) : RefinementGrain, ISweepReducerGrain
{
    private readonly Dictionary<int, Sum> _sums = [];
    private SweepWork? _work;
    private SweepTables? _tables;
    private SweepWeights? _weights;
    private SweepChunk? _chunk;
    private byte[] _expected = [];

    /// <summary>Of the chunk before: workers that hold its sums have let go of them when the next chunk but one begins.</summary>
    private byte[] _before = [];
    private (int Sweep, int Chunk) _at;
    private long _epoch = -1;
    private Task _moving = Task.CompletedTask;

    protected override long Epoch => _epoch;

    private int Run
    {
        get
        {
            var key = this.GetPrimaryKeyString();
            return int.Parse(key.AsSpan(key.LastIndexOf('/') + 1));
        }
    }

    public Task PrepareAsync(SweepWork work, CancellationToken cancellationToken = default) => Failures.Translate(async () =>
    {
        if (_epoch > work.Epoch)
            throw Stale();
        (_work, _epoch) = (null, work.Epoch);
        DelayDeactivation(RefinementLife.Longest);
        foreach (var sum in _sums.Values)
            sum.Done.TrySetException(Stale());
        _sums.Clear();
        await _moving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        var run = Run;
        var taken = await gate.RunAsync(
            async token =>
            {
                _tables = await SweepTables.GetAsync(shared, store, work, token);
                var weights = new SweepWeights(_tables.Counts);
                if (work.Checkpoint is { } checkpoint)
                {
                    var values = await NumbersFile.ReadAsync<double>(
                        store, SweepWork.RunFile(checkpoint.Name, run), checkpoint.RunFiles[run], 1, weights.Values.Length, token);
                    values[0].CopyTo(weights.Values, 0);
                }
                else if (work.Start is not null)
                {
                    (await ExplicitStart.GetAsync(shared, store, work, _tables, token)).Weights.CopyTo(weights.Values, 0);
                }
                return weights;
            },
            cancellationToken);
        if (_epoch != work.Epoch)
            throw Stale();
        _weights = taken;
        (_chunk, _at, _moving) = (null, default, Task.CompletedTask);
        _work = work;
        return 0;
    });

    public async Task<ExpectedCounts> AddAsync(ExpectedCounts part, CancellationToken cancellationToken = default)
    {
        var work = Current(part.Epoch);
        if (_at != (part.Sweep, part.Chunk))
            Begin(work, part);
        if (!_sums.TryGetValue(part.Part, out var sum))
        {
            var first = part.Part * ExpectedCounts.CellsPerPart(work.Merged.Labels.Length) * work.Merged.Labels.Length * sizeof(long);
            sum = _sums[part.Part] = new Sum(_expected.AsMemory(first, part.Cells.Length));
        }
        sum.Add(part.Cells.Span);
        if (sum.Parts == work.Workers)
            sum.Done.TrySetResult(part with { Cells = sum.Total });
        return await gate.WaitAsync(sum.Done.Task, cancellationToken);
    }

    public Task<string> SaveAsync(long epoch, double lastStep, string name, CancellationToken cancellationToken = default) => Failures.Translate(async () =>
    {
        Move(Current(epoch), lastStep);
        await _moving;
        return await gate.RunAsync(token => NumbersFile.WriteAsync(store, name, [_weights!.Values], token), cancellationToken);
    });

    /// <summary>The first part of another chunk: the weights move along the one before, beside the work of the workers.</summary>
    private void Begin(SweepWork work, ExpectedCounts part)
    {
        var isStill = _moving.IsCompleted; // the weights may move along the chunk before yet
        Move(work, part.LastStep);
        _sums.Clear();
        _at = (part.Sweep, part.Chunk);
        var blocks = SweepPlan.ChunksOf(_tables!.Compaction.Blocks, work.Settings.BlocksPerChunk, Run + 1, part.Sweep, work.Seed)[part.Chunk];
        _chunk = new SweepChunk(_tables.Compaction, blocks);
        var length = _chunk.Cells * work.Merged.Labels.Length * sizeof(long);
        var room = _before.Length >= length && isStill ? _before : new byte[length];
        (_before, _expected) = (_expected, room);
    }

    private void Move(SweepWork work, double step)
    {
        if (_chunk is not { } chunk || step == 0)
            return;
        var (before, expected) = (_moving, _expected);
        _chunk = null;
        _moving = gate.RunAsync(
            async _ =>
            {
                await before;
                _weights!.Move(chunk, MemoryMarshal.Cast<byte, long>(expected.AsSpan(0, chunk.Cells * work.Merged.Labels.Length * sizeof(long))), work.Settings.Alpha, step);
                return 0;
            },
            CancellationToken.None);
    }

    private SweepWork Current(long epoch) => _work is { } work && work.Epoch == epoch ? work : throw Stale();

    private static SiloUnavailableException Stale() => new("the reducer has lost its weights, or another attempt has begun");

    /// <summary>The sum of one part over workers; its total is not changed once all have come.</summary>
    private sealed class Sum(Memory<byte> total)
    {
        public ReadOnlyMemory<byte> Total => total;

        public int Parts { get; private set; }

        public TaskCompletionSource<ExpectedCounts> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Add(ReadOnlySpan<byte> cells)
        {
            if (Parts++ == 0)
            {
                cells.CopyTo(total.Span);
                return;
            }
            var to = MemoryMarshal.Cast<byte, long>(total.Span);
            var from = MemoryMarshal.Cast<byte, long>(cells);
            var i = 0;
            for (; i + Vector<long>.Count <= to.Length; i += Vector<long>.Count)
                (new Vector<long>(to[i..]) + new Vector<long>(from[i..])).CopyTo(to[i..]);
            for (; i < to.Length; i++)
                to[i] += from[i];
        }
    }
}
