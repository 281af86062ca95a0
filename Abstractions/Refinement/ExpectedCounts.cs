namespace ExplicitCluster.Abstractions.Refinement;

/// <summary>Part of a chunk's expected counts of one run, on the way to its reducer or summed on the way back. Not changed until its receiver is done with the chunk.</summary>
/// <param name="Epoch">The attempt.</param>
/// <param name="Sweep">From 1.</param>
/// <param name="Chunk">From 0.</param>
/// <param name="Part">From 0: a chunk that is too large for one message comes in several.</param>
/// <param name="LastStep">How far the run's weights move first, along the direction of the chunk before.</param>
/// <param name="Cells">int64 counts in units of 2^-30, little-endian: (cells, C), row-major.</param>
[GenerateSerializer, Immutable, Alias("explicit.ExpectedCounts")]
public sealed record ExpectedCounts(
    [property: Id(0)] long Epoch,
    [property: Id(1)] int Sweep,
    [property: Id(2)] int Chunk,
    [property: Id(3)] int Part,
    [property: Id(4)] double LastStep,
    [property: Id(5)] ReadOnlyMemory<byte> Cells)
{
    /// <summary>Most bytes of counts in one message: 4 MB with all around them.</summary>
    public const int MostBytes = 3_900_000;

    /// <summary>Cells of C classes a message.</summary>
    public static int CellsPerPart(int classes) => Math.Max(1, MostBytes / (classes * sizeof(long)));
}
