using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace ExplicitCluster.Grains.Hosting;

/// <summary>What a silo counts of its work, under the meter and the activity source <see cref="Name"/>.</summary>
public sealed class ExplicitInstruments : IDisposable
{
    public const string Name = "ExplicitCluster";

    /// <summary>The attribute of a span that names the grain: a job's id, or that of a shard or tile in it.</summary>
    public const string GrainTag = "explicit.grain";

    private static readonly ActivitySource Source = new(Name);

    private readonly Meter _meter = new(Name);
    private readonly Counter<long> _rows;
    private readonly Counter<long> _shards;
    private readonly Counter<long> _retries;
    private readonly Counter<long> _jobs;
    private readonly Histogram<double> _seconds;

    public ExplicitInstruments(ComputeGate gate)
    {
        _rows = _meter.CreateCounter<long>("explicit.rows", "{row}", "Rows that shards were counted, scored or evaluated on.");
        _shards = _meter.CreateCounter<long>("explicit.shards", "{shard}", "Shards done, by kind of work and whether their statistics were reused.");
        _retries = _meter.CreateCounter<long>("explicit.retries", "{retry}", "Pieces of jobs that were tried again.");
        _jobs = _meter.CreateCounter<long>("explicit.jobs", "{job}", "Jobs that ended, by status.");
        _seconds = _meter.CreateHistogram<double>("explicit.work.duration", "s", "Time that a piece of work took, waiting for a slot left out.");
        _meter.CreateObservableGauge("explicit.work.running", () => gate.Running, "{piece}", "Pieces of work that run.");
        _meter.CreateObservableGauge("explicit.work.waiting", () => gate.Waiting, "{piece}", "Pieces of work that wait for a slot.");
    }

    /// <summary>A span of a piece of work; null where nobody listens.</summary>
    public static Activity? Trace(string work, string grain) => Source.StartActivity(work)?.SetTag(GrainTag, grain);

    public void ShardDone(string work, long rows, bool reused)
    {
        _shards.Add(1, new("work", work), new("reused", reused));
        if (!reused)
            _rows.Add(rows, new KeyValuePair<string, object?>("work", work));
    }

    public void Took(string work, TimeSpan time) => _seconds.Record(time.TotalSeconds, new KeyValuePair<string, object?>("work", work));

    public void Retried() => _retries.Add(1);

    public void JobEnded(string status) => _jobs.Add(1, new KeyValuePair<string, object?>("status", status));

    public void Dispose() => _meter.Dispose();
}
