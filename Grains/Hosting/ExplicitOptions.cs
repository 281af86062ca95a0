using ExplicitCluster.Data.Store;

namespace ExplicitCluster.Grains.Hosting;

/// <summary>Settings of one silo, bound from the configuration section <c>Explicit</c> (environment <c>EXPLICIT__NAME</c>).</summary>
public sealed class ExplicitOptions
{
    public const string Section = "Explicit";

    /// <summary>The artifact store: a folder, <c>blob:CONTAINER</c>, or the https address of a container.</summary>
    public string Store { get; set; } = "";

    /// <summary>Secret: connection string of the account that holds a <c>blob:</c> store.</summary>
    public string? StoreConnection { get; set; }

    /// <summary>Folders of this silo that sources may be read from by path, links resolved; none by default. A silo in the client's process reads any.</summary>
    public string[] DataRoots { get; set; } = [];

    /// <summary>How long shards in work may go on when the silo is told to stop; then they are given up, and done elsewhere.</summary>
    public TimeSpan DrainPeriod { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Most time between two checkpoints of a refinement, at the next point where one can be made.</summary>
    public TimeSpan CheckpointPeriod { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Pieces of CPU work at once in this silo; 0 takes one a processor.</summary>
    public int ComputeSlots { get; set; }

    /// <summary>Memory that a job's plan may use in this silo, in bytes; 0 takes what the process may use.</summary>
    public long MaxMemoryBytes { get; set; }

    /// <summary>Memory in which a shard of a language model gathers what it counts before it writes a sorted run, and in which a part of its tables is merged, in bytes. Never changes a result.</summary>
    public long RunBytes { get; set; } = 64 << 20;

    /// <summary>The slots that <see cref="ComputeSlots"/> stands for.</summary>
    public int EffectiveSlots => ComputeSlots == 0 ? Environment.ProcessorCount : ComputeSlots;

    /// <summary>The bytes that <see cref="MaxMemoryBytes"/> stands for.</summary>
    public long EffectiveMemoryBytes => MaxMemoryBytes == 0 ? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes : MaxMemoryBytes;

    /// <summary>The first rule that is broken, by name, or null.</summary>
    public string? FindProblem()
    {
        if (Store.Length == 0)
            return "ExplicitOptions.Store must name a folder or a container (was empty)";
        if (!ArtifactStores.IsFolder(Store) && Store.AsSpan().ContainsAny('?', '@'))
            return "ExplicitOptions.Store must hold neither a query nor a user: silos tell it to clients, and secrets belong into StoreConnection";
        if (ComputeSlots is < 0 or > 1024)
            return $"ExplicitOptions.ComputeSlots must be from 0 to 1024 (was {ComputeSlots})";
        if (MaxMemoryBytes < 0)
            return $"ExplicitOptions.MaxMemoryBytes must be at least 0 (was {MaxMemoryBytes})";
        if (RunBytes is < 1 << 16 or > 1L << 33)
            return $"ExplicitOptions.RunBytes must be from {1 << 16} to {1L << 33} (was {RunBytes})";
        if (DrainPeriod < TimeSpan.Zero || DrainPeriod > TimeSpan.FromMinutes(10))
            return $"ExplicitOptions.DrainPeriod must be from 00:00:00 to 00:10:00 (was {DrainPeriod})";
        if (CheckpointPeriod < TimeSpan.Zero || CheckpointPeriod > TimeSpan.FromDays(1))
            return $"ExplicitOptions.CheckpointPeriod must be from 00:00:00 to 1.00:00:00 (was {CheckpointPeriod})";
        if (DataRoots.FirstOrDefault(root => !Path.IsPathRooted(root)) is { } relative)
            return $"ExplicitOptions.DataRoots must be full paths (was '{relative}')";
        return null;
    }
}
