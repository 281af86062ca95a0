namespace ExplicitCluster.Grains.Jobs;

/// <summary>
/// What each silo has left to do of a stage, as placement deals it: piece i goes to lane i mod silos. A lane that runs dry takes over the last piece of the
/// fullest one, which nobody has begun yet: silos are not equally fast, and the slowest would be waited for.
/// </summary>
/// <param name="count">Pieces.</param>
/// <param name="silos">Lanes.</param>
/// <param name="slots">Pieces that a silo runs at once.</param>
internal sealed class PieceLanes(int count, int silos, int slots)
{
    /// <summary>With less than so much to do a lane looks for more: the next piece is to be there when the last one ends.</summary>
    private const int Dry = 2;

    private readonly int[] _left = [.. Enumerable.Range(0, silos).Select(lane => (count - lane + silos - 1) / silos)];
    private readonly SortedSet<int> _begun = [];
    private readonly Dictionary<int, int> _takenOver = [];

    /// <summary>A piece was sent to its silo.</summary>
    public void Begin(int piece) => _begun.Add(piece);

    /// <summary>A piece is done. Gives those that are to be sent a second time, and how many lanes on.</summary>
    public IEnumerable<(int Piece, int Copy)> End(int piece)
    {
        _begun.Remove(piece);
        _left[_takenOver.Remove(piece, out var taker) ? taker : piece % silos]--;
        for (var lane = 0; silos > 1 && lane < silos; lane++)
        {
            while (_left[lane] < Dry && TakeOver(lane) is { } taken)
                yield return (taken, (lane - (taken % silos) + silos) % silos);
        }
    }

    private int? TakeOver(int lane)
    {
        var fullest = Array.IndexOf(_left, _left.Max());
        if (_left[fullest] < slots + Dry)
            return null;
        foreach (var piece in _begun.Reverse())
        {
            if (piece % silos != fullest || _takenOver.ContainsKey(piece))
                continue;
            _takenOver[piece] = lane;
            _left[fullest]--;
            _left[lane]++;
            return piece;
        }
        return null;
    }
}
