using System.Diagnostics;
using System.Reflection;
using ExplicitCluster.Abstractions.Silos;
using ExplicitCluster.Grains.Hosting;
using Microsoft.Extensions.Options;

namespace ExplicitCluster.Grains.Silos;

/// <inheritdoc cref="ISiloGrain"/>
[SiloPlacement]
internal sealed class SiloGrain(ComputeGate gate, IOptions<ExplicitOptions> options) : Grain, ISiloGrain
{
    public Task<SiloStatusReport> StatusAsync(CancellationToken cancellationToken = default)
    {
        using var process = Process.GetCurrentProcess();
        return Task.FromResult(new SiloStatusReport
        {
            Store = options.Value.Store,
            DataRoots = [.. options.Value.DataRoots],
            ComputeSlots = options.Value.EffectiveSlots,
            WorkRunning = gate.Running,
            WorkWaiting = gate.Waiting,
            MemoryBytes = process.WorkingSet64,
            ProcessorTime = process.TotalProcessorTime,
            Started = process.StartTime.ToUniversalTime(),
            Version = typeof(SiloGrain).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "",
            ProcessId = Environment.ProcessId,
        });
    }
}
