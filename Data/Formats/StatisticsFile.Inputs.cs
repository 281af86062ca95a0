using ExplicitCluster.Data.Store;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Data.Formats;

/// <content>A few inputs out of many.</content>
public static partial class StatisticsFile
{
    /// <summary>The rows of some inputs, as far as they were seen; reads and verifies only the head and the segments that hold them. Null when absent.</summary>
    /// <param name="store">Where from.</param>
    /// <param name="name">The artifact.</param>
    /// <param name="inputs">Ascending, each once.</param>
    /// <param name="ct">Cancels between segments.</param>
    /// <exception cref="ArtifactDamagedException">A checksum is wrong.</exception>
    public static async Task<(StatisticsHeader Header, CountTable Counts)?> ReadInputsAsync(IArtifactStore store, string name, int[] inputs, CancellationToken ct)
    {
        if (await ReadLayoutAsync(store, name, ct) is not { } layout) return null;
        var (seen, counts) = (new List<int>(), new List<long>());
        foreach (var segment in layout.Segments)
        {
            if (!inputs.Any(input => input / CountSegment.Inputs == segment.Number)) continue;
            ct.ThrowIfCancellationRequested();
            using var run = await SegmentRun.ReadAsync(store, name, layout.Header, [segment], ct);
            var sink = new ChosenSink(inputs, seen, counts, layout.Header.Labels.Length);
            run.Decode(segment.Number, ref sink);
        }
        return (layout.Header, new CountTable(layout.Header.Inputs, layout.Header.Labels.Length, [.. seen], [.. counts]));
    }

    /// <summary>Keeps the rows of some inputs.</summary>
    private struct ChosenSink(int[] inputs, List<int> seen, List<long> counts, int classes) : ICountSink
    {
        private bool _isChosen;

        public void Begin(int input)
        {
            _isChosen = Array.BinarySearch(inputs, input) >= 0;
            if (!_isChosen) return;
            seen.Add(input);
            for (var c = 0; c < classes; c++) counts.Add(0);
        }

        public readonly void Add(int c, long count)
        {
            if (_isChosen) counts[(seen.Count - 1) * classes + c] = count;
        }
    }
}
