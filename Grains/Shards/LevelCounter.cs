using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Grains.Shards;

/// <summary>
/// Counts rows in blocks from their levels, as many of them at once as fit some memory: what a block's codes were counted to is copied out of its table once for
/// all of these rows, and no code is written to memory.
/// </summary>
/// <param name="encoder">Maps that <see cref="LevelRows.Suits"/>.</param>
/// <param name="rows">Most rows in all.</param>
/// <param name="chunkRows">Most rows a chunk.</param>
/// <param name="sum">Takes the counts.</param>
internal sealed class LevelCounter(RowEncoder encoder, long rows, int chunkRows, StatisticsSum sum) : IDisposable
{
    private const long MostBytes = 64 << 20;

    private readonly LevelRows _levels = new(encoder, RowsOf(encoder, rows, chunkRows));
    private readonly List<int> _classes = [];

    /// <summary>Rows counted at once: whole chunks, about equally many each time.</summary>
    public static int RowsOf(RowEncoder encoder, long rows, int chunkRows)
    {
        var chunks = (rows + chunkRows - 1) / chunkRows;
        var most = Math.Max(1, MostBytes / LevelRows.BytesPerRow(encoder) / chunkRows);
        var times = (chunks + most - 1) / most;
        return (int)Math.Min(rows, (chunks + times - 1) / times * chunkRows);
    }

    /// <summary>Takes up a chunk.</summary>
    public void Add(RawChunk chunk)
    {
        if (chunk.Count > _levels.Capacity - _levels.Count)
            Finish();
        chunk.AddTo(_levels);
        _classes.AddRange(chunk.Classes);
    }

    /// <summary>Counts what was taken up.</summary>
    public void Finish()
    {
        if (_levels.Count > 0)
            sum.Add(_levels, _classes.ToArray());
        _levels.Clear();
        _classes.Clear();
    }

    public void Dispose() => _levels.Dispose();
}
