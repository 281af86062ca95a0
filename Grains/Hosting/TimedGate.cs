using System.Diagnostics;

namespace ExplicitCluster.Grains.Hosting;

/// <summary>The gate as grains use it: work leaves a trace and its time, and its errors are such as may cross silos.</summary>
internal sealed class TimedGate(ComputeGate gate, ExplicitInstruments instruments)
{
    /// <summary>Runs a grain's work when a slot is free.</summary>
    public Task<T> RunAsync<T>(Grain grain, string name, Func<CancellationToken, Task<T>> run, CancellationToken cancellationToken) =>
        Failures.Translate(() => gate.RunAsync(
            async token =>
            {
                using var trace = ExplicitInstruments.Trace(name, grain.GetPrimaryKeyString());
                var start = Stopwatch.GetTimestamp();
                var result = await run(token);
                instruments.Took(name, Stopwatch.GetElapsedTime(start));
                return result;
            },
            cancellationToken));
}
