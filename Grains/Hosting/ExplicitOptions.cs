namespace ExplicitCluster.Grains.Hosting;

/// <summary>Settings of one silo, bound from the configuration section <c>Explicit</c> (environment <c>EXPLICIT__NAME</c>).</summary>
public sealed class ExplicitOptions
{
    public const string Section = "Explicit";

    /// <summary>Folder of the artifact store.</summary>
    public string Store { get; set; } = "";

    /// <summary>Pieces of CPU work at once in this silo; 0 takes one a processor.</summary>
    public int ComputeSlots { get; set; }

    /// <summary>Memory that a job's plan may use in this silo, in bytes; 0 takes what the process may use.</summary>
    public long MaxMemoryBytes { get; set; }

    /// <summary>The slots that <see cref="ComputeSlots"/> stands for.</summary>
    public int EffectiveSlots => ComputeSlots == 0 ? Environment.ProcessorCount : ComputeSlots;

    /// <summary>The bytes that <see cref="MaxMemoryBytes"/> stands for.</summary>
    public long EffectiveMemoryBytes => MaxMemoryBytes == 0 ? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes : MaxMemoryBytes;

    /// <summary>The first rule that is broken, by name, or null.</summary>
    public string? FindProblem()
    {
        if (Store.Length == 0)
            return "ExplicitOptions.Store must name a folder (was empty)";
        if (ComputeSlots is < 0 or > 1024)
            return $"ExplicitOptions.ComputeSlots must be from 0 to 1024 (was {ComputeSlots})";
        if (MaxMemoryBytes < 0)
            return $"ExplicitOptions.MaxMemoryBytes must be at least 0 (was {MaxMemoryBytes})";
        return null;
    }
}
