using ExplicitCluster.Numerics.Encodings;

namespace ExplicitCluster.Numerics.Layers;

/// <summary>
/// The discrete activations of a layer below as blocks: the best class of each of its windows, the lowest at a tie, or tuples of windows, whose codes
/// read their classes in order, the first the most significant digit, in base C (docs/math.md 12).
/// </summary>
public sealed class WindowClassMap : BlockMap, ILayerMap
{
    private const int MostCodes = 1 << 16;

    private readonly RowEncoder _below;
    private readonly int[][]? _tuples;
    private readonly int _classes;
    private readonly ILayerScores? _scores;

    /// <param name="below">What makes the layer's own rows.</param>
    /// <param name="windows">Windows over them.</param>
    /// <param name="tuples">Tuples of windows; null where every window is a block.</param>
    /// <param name="classes">C, the layer's classes.</param>
    /// <param name="scores">The layer's scores; null where only the layout of the blocks is asked for.</param>
    /// <exception cref="FeatureException">More than 65,536 codes a tuple.</exception>
    public WindowClassMap(RowEncoder below, WindowGrid windows, int[][]? tuples, int classes, ILayerScores? scores)
    {
        (_below, Windows, _tuples, _classes, _scores) = (below, windows, tuples, classes, scores);
        var size = tuples?[0].Length ?? 1;
        var codes = Math.Pow(classes, size);
        if (codes > MostCodes)
        {
            throw new FeatureException(
                $"tuples of {size} windows of {classes} classes have {codes:0} codes, more than {MostCodes:N0}",
                "use a smaller tuples.size");
        }
        Codes = (int)codes;
    }

    public override string Name => "layer";

    public override int Codes { get; }

    public WindowGrid Windows { get; }

    /// <summary>Number of blocks, whatever the shape of a row.</summary>
    public int Blocks => _tuples?.Length ?? Windows.Count;

    /// <summary>Windows that block i reads.</summary>
    public IReadOnlyList<int> WindowsOf(int block) => _tuples is null ? [block] : _tuples[block];

    public override int BlocksOf(RowShape shape) => Blocks;

    public override (int Across, int Down)? PositionsOf(RowShape shape) => _tuples is null ? Windows.Windows : null;

    public override void Encode(RawRows rows, BlockRows output, int firstBlock) => Encode(rows, [], output, firstBlock);

    public override void Encode(RawRows rows, ReadOnlySpan<int> own, BlockRows output, int firstBlock)
    {
        var scores = _scores ?? throw new InvalidOperationException("The layer's tables were not loaded.");
        var windows = scores.Windows;
        var best = new ushort[windows * rows.Count]; // window by window, as blocks are written
        new LayerTiles(_below, scores).ForEachRow(rows, own, (m, sums, _) =>
        {
            for (var window = 0; window < windows; window++)
                best[window * rows.Count + m] = (ushort)BestOf(sums.Slice(window * _classes, _classes));
        });
        for (var block = 0; block < Blocks; block++)
            Write(WindowsOf(block), best, output.Block(firstBlock + block));
    }

    private void Write(IReadOnlyList<int> windows, ushort[] best, Span<ushort> codes)
    {
        best.AsSpan(windows[0] * codes.Length, codes.Length).CopyTo(codes);
        for (var i = 1; i < windows.Count; i++)
        {
            var next = best.AsSpan(windows[i] * codes.Length, codes.Length);
            for (var m = 0; m < codes.Length; m++)
                codes[m] = (ushort)(codes[m] * _classes + next[m]);
        }
    }

    private static int BestOf(ReadOnlySpan<long> scores)
    {
        var best = 0;
        for (var c = 1; c < scores.Length; c++)
        {
            if (scores[c] > scores[best])
                best = c;
        }
        return best;
    }
}
