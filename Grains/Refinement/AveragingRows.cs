using ExplicitCluster.Abstractions.Refinement;
using ExplicitCluster.Grains.Shards;
using ExplicitCluster.Numerics.Refinement;

namespace ExplicitCluster.Grains.Refinement;

/// <summary>The encoded rows of one averaging worker: those that it steps on, and those that it only evaluates the mean on.</summary>
internal sealed class AveragingRows(AveragingTables tables, WorkerShare train, WorkerShare test, bool holdsOut)
{
    public int Worker => train.Worker;

    public SgdRows Train { get; } = tables.EmptyRows();

    public List<EncodedChunk> HeldOut { get; } = [];

    public List<EncodedChunk> Test { get; } = [];

    /// <summary>Takes the worker's own of some training rows.</summary>
    public void TakeTrain(RawChunk chunk)
    {
        var own = WorkerRows.OwnOf(train, chunk);
        if (holdsOut)
        {
            (var heldOut, own) = own.Part();
            Keep(HeldOut, heldOut);
        }
        own.RefuseWeights("averaging takes", "refine");
        if (own.Count > 0)
            tables.Append(Train, tables.Encode(own, areLearned: true));
    }

    /// <summary>Takes the worker's own of some test rows.</summary>
    public void TakeTest(RawChunk chunk) => Keep(Test, WorkerRows.OwnOf(test, chunk).Known());

    private void Keep(List<EncodedChunk> kept, RawChunk own)
    {
        if (own.Count > 0)
            kept.Add(tables.Encode(own, areLearned: false) with { Raw = null });
    }
}
