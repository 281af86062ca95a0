using System.Collections.Immutable;

namespace ExplicitCluster.Abstractions.Silos;

/// <summary>What a silo is and does at the moment. Carries no secrets.</summary>
[GenerateSerializer, Immutable, Alias("explicit.SiloStatusReport")]
public sealed record SiloStatusReport
{
    /// <summary>Address of the artifact store, as clients on the same network may open it with credentials of their own.</summary>
    [Id(0)] public required string Store { get; init; }

    /// <summary>Folders that sources may be read from by path.</summary>
    [Id(1)] public required ImmutableArray<string> DataRoots { get; init; }

    /// <summary>Pieces of CPU work that may run at once.</summary>
    [Id(2)] public required int ComputeSlots { get; init; }

    /// <summary>Pieces of CPU work that run now.</summary>
    [Id(3)] public required int WorkRunning { get; init; }

    /// <summary>Pieces of CPU work that wait for a slot.</summary>
    [Id(4)] public required int WorkWaiting { get; init; }

    /// <summary>Bytes that the process holds in memory.</summary>
    [Id(5)] public required long MemoryBytes { get; init; }

    /// <summary>Processor time that the process has used so far.</summary>
    [Id(6)] public required TimeSpan ProcessorTime { get; init; }

    [Id(7)] public required DateTimeOffset Started { get; init; }

    /// <summary>Version of the silo's program.</summary>
    [Id(8)] public required string Version { get; init; }

    /// <summary>Process id on its machine.</summary>
    [Id(9)] public required int ProcessId { get; init; }
}
