using ExplicitCluster.Numerics.Encodings;

namespace ExplicitCluster.Numerics.Refinement;

/// <summary>The blocks of one chunk, in order, and the cells that their codes have in the chunk's own tables.</summary>
public sealed class SweepChunk
{
    private readonly int[] _starts;

    /// <param name="compaction">The codes of all blocks.</param>
    /// <param name="blocks">The chunk's blocks.</param>
    public SweepChunk(CodeCompaction compaction, int[] blocks)
    {
        (Compaction, Blocks) = (compaction, blocks);
        _starts = new int[blocks.Length + 1];
        for (var i = 0; i < blocks.Length; i++)
            _starts[i + 1] = checked(_starts[i] + compaction.Starts[blocks[i] + 1] - compaction.Starts[blocks[i]]);
    }

    public CodeCompaction Compaction { get; }

    public IReadOnlyList<int> Blocks { get; }

    /// <summary>Codes over the chunk's blocks.</summary>
    public int Cells => _starts[^1];

    /// <summary>The first cell of the chunk's i-th block in the chunk's tables.</summary>
    public int StartOf(int i) => _starts[i];

    /// <summary>The first cell of the chunk's i-th block among all blocks.</summary>
    public int GlobalStartOf(int i) => Compaction.Starts[Blocks[i]];
}
