using System.Runtime.CompilerServices;
using ExplicitCluster.Data.Formats;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Numerics.Language;

namespace ExplicitCluster.Grains.Language;

/// <summary>Merges a range of the cells of some runs; where memory has no room for a block of each, some of them into one first, as often as it takes.</summary>
/// <param name="store">Where runs are.</param>
/// <param name="prefix">What the names of runs that are made on the way begin with; they are deleted once they are merged.</param>
/// <param name="from">The first cell.</param>
/// <param name="to">The cell after the last; null where all that follow belong to it.</param>
/// <param name="bytes">Memory for pieces of runs.</param>
internal sealed class RunPasses(IArtifactStore store, string prefix, ulong from, ulong? to, long bytes)
{
    private readonly int _most = (int)Math.Clamp(bytes / CellStreams.LeastRunBytes, 2, int.MaxValue);

    public async IAsyncEnumerable<CellList> MergeAsync(IEnumerable<string> runs, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var left = new Queue<string>(runs);
        for (var made = 0; left.Count > _most; made++)
        {
            var some = Enumerable.Range(0, Math.Min(_most, left.Count - _most + 1)).Select(_ => left.Dequeue()).ToArray();
            var name = $"{prefix}{made:D6}";
            await store.WriteAsync(name, async (stream, token) =>
            {
                using var writer = new CellFileWriter(stream);
                await foreach (var piece in CellStreams.MergeAsync(store, some, from, to, bytes, token))
                    writer.Add(piece);
                writer.End(contexts: null);
            }, WriteCondition.Always, cancellationToken);
            await ForgetAsync(some, cancellationToken);
            left.Enqueue(name);
        }
        await foreach (var piece in CellStreams.MergeAsync(store, [.. left], from, to, bytes, cancellationToken))
            yield return piece;
        await ForgetAsync(left, cancellationToken);
    }

    private async Task ForgetAsync(IEnumerable<string> runs, CancellationToken cancellationToken)
    {
        foreach (var run in runs)
        {
            if (run.StartsWith(prefix, StringComparison.Ordinal))
                await store.DeleteAsync(run, cancellationToken);
        }
    }
}
