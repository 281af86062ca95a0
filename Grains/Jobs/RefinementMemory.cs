using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Refinement;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Grains.Refinement;
using ExplicitCluster.Grains.Shards;
using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Refinement;

namespace ExplicitCluster.Grains.Jobs;

/// <summary>What a refinement holds at most, as if one silo had all of its workers and reducers.</summary>
/// <param name="specification">The job.</param>
/// <param name="encoder">Encoder of its rows.</param>
/// <param name="rows">Training rows, held-out ones included.</param>
/// <param name="seen">Most inputs that they can have touched: the codes that compaction can leave.</param>
/// <param name="classes">C.</param>
internal sealed class RefinementMemory(JobSpecification specification, RowEncoder encoder, long rows, long seen, int classes)
{
    private readonly RowLayout _layout = encoder.Layout;
    private readonly long _chunkRows = Math.Min(rows, ShardRows.ChunkRowsOf(encoder));

    /// <summary>A list of numbers for every code and class.</summary>
    private long Numbers => (seen + _layout.Blocks) * classes;

    private long EncodedRow => _layout.Kind == EncodingKind.Blocks ? BlockRows.BytesFor(_layout.Blocks, 1) : _layout.Inputs * (encoder.HasByteValues ? 1L : sizeof(float));

    public MemoryItem[] Sweeps()
    {
        var sweeps = specification.Refine.Sweeps;
        var perBlock = Enumerable.Range(0, _layout.Blocks).Select(block => Math.Min(_layout.BlockSize(block), rows)).OrderDescending();
        var chunk = Math.Min(Numbers, perBlock.Take(sweeps.BlocksPerChunk).Sum() * classes);
        var workers = specification.Refine.Workers;
        return
        [
            new MemoryItem("codes of the workers' rows", rows * _layout.Blocks * sizeof(ushort)),
            new MemoryItem("scores of the workers' rows", rows * classes * sweeps.Average * (2 * sizeof(double) + sizeof(int))),
            new MemoryItem("observed counts", 2 * Numbers * sizeof(long) + SweepCounts.BytesFor(seen + _layout.Blocks, classes)),
            new MemoryItem("weights of the runs", Numbers * (sweeps.Average + 1) * sizeof(double)),
            new MemoryItem("expected counts of a chunk", workers * (2 * sweeps.Average * chunk * sizeof(long) + SweepWorkspace.BytesFor(chunk / classes, classes)) + 2 * sweeps.Average * chunk * sizeof(long)),
            new MemoryItem("tables of the explicit start", sweeps.Start == SweepStart.Explicit ? 4 * Numbers * sizeof(double) + rows * classes * sizeof(double) : 0),
        ];
    }

    /// <param name="testRows">Rows that the workers evaluate the mean on.</param>
    public MemoryItem[] Averaging(long testRows)
    {
        var settings = AveragingTables.SettingsOf(specification.Refine.Averaging, specification.Seed, specification.Refine.Workers);
        var gradient = specification.Refine.Averaging.Gradient ? Numbers * (sizeof(double) + sizeof(float)) : 0;
        return
        [
            new MemoryItem("rows of the workers", _layout.Kind == EncodingKind.Blocks
                ? SgdBlockRows.BytesFor(_layout.Blocks, rows)
                : SgdDenseRows.BytesFor(_layout.Inputs, encoder.HasByteValues, rows)),
            new MemoryItem("test rows of the workers", testRows * (EncodedRow + sizeof(int))),
            new MemoryItem("rows on their way to the workers", _chunkRows * (2L * encoder.Shape.BytesPerRow + 2 * EncodedRow)),
            new MemoryItem("tables of the explicit start", Numbers * (3 * sizeof(long) + 3 * sizeof(float))),
            new MemoryItem("parameters of the workers", settings.Workers * (LocalSteps.BytesFor(seen, classes, settings) + 5 * Numbers * sizeof(float) + gradient)),
            new MemoryItem("means of the reducers", Math.Min(Numbers, (long)settings.Workers * 3 * ParameterPart.MostValues) * (settings.Workers + 2) * sizeof(float)),
        ];
    }
}
