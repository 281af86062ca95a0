using ExplicitCluster.Numerics.Elementary;
using ExplicitCluster.Numerics.Encodings;

namespace ExplicitCluster.Numerics.Selection;

public sealed partial class BlockLeaveOneOut
{
    /// <summary>The definition, cell by cell: as <see cref="MeanScores"/>.</summary>
    public void MeanScoresPlain(int alpha, BlockRows rows, ReadOnlySpan<int> labels, int first, Span<double> scores)
    {
        var a = _alphas[alpha];
        for (var m = 0; m < labels.Length; m++)
        {
            for (var c = 0; c < Classes; c++)
            {
                var share = c == labels[m] ? 1 : 0;
                var sum = 0.0;
                for (var block = 0; block < _layout.Blocks; block++)
                {
                    var row = _rowOfInput[_layout.BlockStart(block) + rows.Block(block)[first + m]];
                    var count = row < _counts.Seen.Length ? _counts.Row(row)[c] : 0;
                    sum += SameBits.Log(Math.Max(count - share, 0) + a) - SameBits.Log(Math.Max(_evidence[c] - share, 0) + a * _layout.BlockSize(block));
                }
                scores[m * Classes + c] = sum / _layout.Blocks;
            }
        }
    }
}
