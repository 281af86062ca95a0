namespace ExplicitCluster.Numerics.Language;

/// <summary>
/// Merges runs that come in pieces: equal cells become one, with the sum of their counts. The caller hands over pieces as they are asked for, so that
/// memory is one piece a run. The result is the same for any cut into runs and pieces.
/// </summary>
public sealed class RunMerge
{
    private readonly CellList?[] _pieces;
    private readonly int[] _at;
    private readonly PriorityQueue<int, ulong> _next = new();

    /// <param name="runs">Number of runs.</param>
    public RunMerge(int runs)
    {
        (_pieces, _at) = (new CellList?[runs], new int[runs]);
        for (var run = runs - 1; run >= 0; run--)
            Wanting.Push(run);
    }

    /// <summary>The runs whose next piece must be given before merging goes on.</summary>
    public Stack<int> Wanting { get; } = new();

    /// <summary>Whether all runs have ended and are merged.</summary>
    public bool IsDone => Wanting.Count == 0 && _next.Count == 0;

    /// <summary>Gives the run that <see cref="Wanting"/> has on top its next piece; null or an empty one where it has ended.</summary>
    public void Give(CellList? piece)
    {
        var run = Wanting.Pop();
        (_pieces[run], _at[run]) = (piece, 0);
        if (piece is { Count: > 0 })
            _next.Enqueue(run, piece.Cells[0]);
    }

    /// <summary>Appends merged cells until a piece is used up, or <paramref name="merged"/> has <paramref name="most"/> of them.</summary>
    /// <exception cref="OverflowException">A count is above 2^63.</exception>
    public void Merge(CellList merged, int most)
    {
        while (Wanting.Count == 0 && _next.Count > 0 && merged.Count < most)
        {
            _next.TryPeek(out _, out var cell);
            var count = 0L;
            while (_next.TryPeek(out var run, out var least) && least == cell)
            {
                var (piece, at) = (_pieces[run]!, ++_at[run]);
                count = checked(count + piece.Counts[at - 1]);
                if (at < piece.Count)
                {
                    _next.DequeueEnqueue(run, piece.Cells[at]);
                    continue;
                }
                _next.Dequeue();
                Wanting.Push(run);
            }
            merged.Add(cell, count);
        }
    }
}
