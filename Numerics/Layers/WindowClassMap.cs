using ExplicitCluster.Numerics.Encodings;

namespace ExplicitCluster.Numerics.Layers;

/// <summary>
/// The discrete activations of a layer below as blocks: the best class of each of its windows, the lowest at a tie, or tuples of windows, whose codes
/// read their classes in order, the first the most significant digit, in base C (docs/math.md 12). Of a layer of label codes a window has the best value of every bit.
/// </summary>
public sealed class WindowClassMap : BlockMap, ILayerMap
{
    private const int MostCodes = 1 << 16;

    private readonly RowEncoder _below;
    private readonly int[][]? _tuples;
    private readonly int _outcomes;
    private readonly ILayerScores? _scores;

    /// <param name="below">What makes the layer's own rows.</param>
    /// <param name="windows">Windows over them.</param>
    /// <param name="tuples">Tuples of windows; null where every window is a block.</param>
    /// <param name="targets">What the layer tells apart.</param>
    /// <param name="scores">The layer's scores; null where only the layout of the blocks is asked for.</param>
    /// <exception cref="FeatureException">More than 65,536 codes a tuple.</exception>
    public WindowClassMap(RowEncoder below, WindowGrid windows, int[][]? tuples, LayerTargets targets, ILayerScores? scores)
    {
        (_below, Windows, _tuples, Targets, _outcomes, _scores) = (below, windows, tuples, targets, targets.Outcomes, scores);
        var size = tuples?[0].Length ?? 1;
        var codes = Math.Pow(_outcomes, size);
        if (codes > MostCodes)
        {
            throw new FeatureException(
                $"tuples of {size} windows of {_outcomes} classes have {codes:0} codes, more than {MostCodes:N0}",
                "use a smaller tuples.size, or fewer sub-classes or bits under targets");
        }
        Codes = (int)codes;
    }

    public override string Name => "layer";

    public override int Codes { get; }

    public WindowGrid Windows { get; }

    public LayerTargets Targets { get; }

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
        new LayerTiles(_below, scores).ForEachRow(rows, own, (m, _, sums, _) =>
        {
            for (var window = 0; window < windows; window++)
                best[window * rows.Count + m] = (ushort)BestOf(sums.Slice(window * Targets.Columns, Targets.Columns));
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
                codes[m] = (ushort)(codes[m] * _outcomes + next[m]);
        }
    }

    /// <summary>The best choices of all problems as digits.</summary>
    private int BestOf(ReadOnlySpan<long> scores)
    {
        var code = 0;
        for (var first = 0; first < scores.Length; first += Targets.Choices)
        {
            var best = 0;
            for (var c = 1; c < Targets.Choices; c++)
            {
                if (scores[first + c] > scores[first + best])
                    best = c;
            }
            code = code * Targets.Choices + best;
        }
        return code;
    }
}
