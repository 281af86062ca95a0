using System.Runtime.CompilerServices;
using ExplicitCluster.Data.Formats;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Numerics.Language;

namespace ExplicitCluster.Grains.Language;

/// <summary>Cells that come piece by piece from the store.</summary>
internal static class CellStreams
{
    private const int PieceCells = 4096;

    /// <summary>One part of the runs of a set, merged: memory is one piece a run, however many cells there are.</summary>
    public static async IAsyncEnumerable<CellList> MergeAsync(
        IArtifactStore store, IReadOnlyList<string> runs, ulong from, ulong? to, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var sources = new IAsyncEnumerator<CellList>[runs.Count];
        for (var run = 0; run < runs.Count; run++)
            sources[run] = (await CellFileReader.OpenAsync(store, runs[run], cancellationToken)).ReadAsync(from, to, cancellationToken).GetAsyncEnumerator(cancellationToken);
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
