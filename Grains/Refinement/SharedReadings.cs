using ExplicitCluster.Abstractions.Refinement;
using ExplicitCluster.Data.Sources;
using ExplicitCluster.Grains.Hosting;
using ExplicitCluster.Grains.Shards;

namespace ExplicitCluster.Grains.Refinement;

/// <summary>
/// How the averaging workers on this silo read their rows, which lie in short runs all over the data: together, every chunk once, and each takes its own out of it. All
/// who have joined when the first asks for its rows take part.
/// </summary>
internal sealed class SharedReadings(SourceReader reader, ComputeGate gate)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Reading> _open = new(StringComparer.Ordinal);

    /// <summary>A worker will need its rows.</summary>
    public void Join(string job, AveragingWork work, WorkerShare train, WorkerShare test)
    {
        lock (_lock)
        {
            if (!_open.TryGetValue(job, out var reading) || reading.Work.Epoch < work.Epoch)
                _open[job] = reading = new Reading(work);
            if (reading.Work.Epoch > work.Epoch || reading.Run is not null)
                throw Stale();
            reading.Shares.Add((train, test));
        }
    }

    /// <summary>The rows of a worker that has joined. The first to ask reads for all.</summary>
    public async Task<AveragingRows> RowsAsync(string job, long epoch, int worker, AveragingTables tables, CancellationToken cancellationToken)
    {
        Reading reading;
        lock (_lock)
        {
            reading = _open.TryGetValue(job, out var open) && open.Work.Epoch == epoch ? open : throw Stale();
            reading.Run ??= Task.Run(() => ReadAsync(reading, tables, cancellationToken), cancellationToken);
        }
        var rows = await reading.Run.WaitAsync(cancellationToken);
        lock (_lock)
        {
            if (++reading.Taken == rows.Length && _open.GetValueOrDefault(job) == reading)
                _open.Remove(job);
        }
        return rows.First(own => own.Worker == worker);
    }

    /// <summary>A worker of this attempt or an earlier one is gone.</summary>
    public void Leave(string job, long epoch)
    {
        lock (_lock)
        {
            if (_open.TryGetValue(job, out var reading) && reading.Work.Epoch <= epoch)
                _open.Remove(job);
        }
    }

    private async Task<AveragingRows[]> ReadAsync(Reading reading, AveragingTables tables, CancellationToken cancellationToken)
    {
        AveragingRows[] all = [.. reading.Shares.Select(share => new AveragingRows(tables, share.Train, share.Test, reading.Work.Settings.HoldOut))];
        await FillAsync(reading.Shares.Select(share => share.Train), (rows, chunk) => rows.TakeTrain(chunk));
        await FillAsync(reading.Shares.Select(share => share.Test), (rows, chunk) => rows.TakeTest(chunk));
        return all;

        async Task FillAsync(IEnumerable<WorkerShare> shares, Action<AveragingRows, RawChunk> take)
        {
            foreach (var read in WorkerRows.ChunksOf(reader, [.. shares], tables.Labels, tables.Encoder))
            {
                var chunk = await gate.RunAsync(read, cancellationToken);
                await Task.WhenAll(all.Select(rows => gate.RunAsync(
                    _ =>
                    {
                        take(rows, chunk);
                        return Task.FromResult(0);
                    },
                    cancellationToken)));
            }
        }
    }

    private static SiloUnavailableException Stale() => new("the worker's rows are not being read here, or another attempt has begun");

    private sealed class Reading(AveragingWork work)
    {
        public AveragingWork Work { get; } = work;

        public List<(WorkerShare Train, WorkerShare Test)> Shares { get; } = [];

        public Task<AveragingRows[]>? Run { get; set; }

        public int Taken { get; set; }
    }
}
