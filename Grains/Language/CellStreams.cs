using System.Runtime.CompilerServices;
using ExplicitCluster.Data.Formats;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Numerics.Language;

namespace ExplicitCluster.Grains.Language;

/// <summary>Cells that come piece by piece from the store.</summary>
internal static class CellStreams
{
    private const int PieceCells = 4096;

    /// <summary>Bytes of memory for one byte of a piece: cells take two bytes and more in the store.</summary>
    private const int MemoryOfByte = 9;

    /// <summary>Memory that a run takes at least while it is merged: a block.</summary>
    public const long LeastRunBytes = PieceCells * (MemoryOfByte + 16);

    /// <summary>One part of the runs of a set, merged: memory is one piece a run, however many cells there are; pieces get smaller where there are many runs, down to one block.</summary>
    public static async IAsyncEnumerable<CellList> MergeAsync(
        IArtifactStore store, IReadOnlyList<string> runs, ulong from, ulong? to, long runBytes, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var pieceBytes = (int)Math.Min(CellFileReader.PieceBytes, runBytes / Math.Max(1, runs.Count) / MemoryOfByte);
        var sources = new IAsyncEnumerator<CellList>[runs.Count];
        for (var run = 0; run < runs.Count; run++)
            sources[run] = (await CellFileReader.OpenAsync(store, runs[run], cancellationToken)).ReadAsync(from, to, pieceBytes, cancellationToken).GetAsyncEnumerator(cancellationToken);
        var (merge, merged) = (new RunMerge(runs.Count), new CellList(PieceCells));
        while (!merge.IsDone)
        {
            while (merge.Wanting.TryPeek(out var run))
                merge.Give(await sources[run].MoveNextAsync() ? sources[run].Current : null);
            merge.Merge(merged, PieceCells);
            if (merged.Count < PieceCells && !merge.IsDone)
                continue;
            if (merged.Count > 0)
                yield return merged;
            merged.Clear();
        }
        foreach (var source in sources)
            await source.DisposeAsync();
    }

    /// <summary>The cells of a chain of one lag less than <paramref name="cells"/> has: distinct tokens one lag further back.</summary>
    public static async IAsyncEnumerable<CellList> ContinueAsync(CellPacking packing, IAsyncEnumerable<CellList> cells)
    {
        var (continuation, rows) = (new Continuation(packing), new CellList(PieceCells));
        await foreach (var piece in cells)
        {
            continuation.Add(piece.Cells, rows);
            if (rows.Count < PieceCells)
                continue;
            yield return rows;
            rows.Clear();
        }
        continuation.End(rows);
        if (rows.Count > 0)
            yield return rows;
    }

    /// <summary>The parts of a table from <paramref name="first"/> to before <paramref name="end"/>, one after the other.</summary>
    public static async IAsyncEnumerable<CellList> PartsAsync(
        IArtifactStore store, string merged, LagSet set, int first, int end, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var part = first; part < end; part++)
        {
            await foreach (var piece in (await CellFileReader.OpenAsync(store, LanguageNames.TableName(merged, set, part), cancellationToken)).ReadAsync(0, null, cancellationToken))
                yield return piece;
        }
    }
}
