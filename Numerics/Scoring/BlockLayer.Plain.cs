using ExplicitCluster.Numerics.Encodings;

namespace ExplicitCluster.Numerics.Scoring;

/// <content>The plain twin of <see cref="Score"/>, and the checks that both make.</content>
public sealed partial class BlockLayer
{
    /// <summary>What <see cref="Score"/> does, one addition after another; equal to it bit for bit.</summary>
    /// <exception cref="ArgumentException">The rows have another layout, a code is out of range, or <paramref name="scores"/> is too short.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are no such rows.</exception>
    public void ScorePlain(BlockRows rows, int first, int count, Span<double> scores)
    {
        Check(rows, first, count, scores);
        for (var row = 0; row < count; row++)
        {
            for (var c = 0; c < Classes; c++)
            {
                var sum = Bias[c];
                for (var block = 0; block < Layout.Blocks; block++)
                {
                    var code = rows.Block(block)[first + row];
                    if (code >= Layout.BlockSize(block))
                        throw OutOfRange(code, block);
                    sum += Weights[RowOfInput[Layout.BlockStart(block) + code] * Classes + c];
                }
                scores[row * Classes + c] = sum;
            }
        }
    }

    private void Check(BlockRows rows, int first, int count, Span<double> scores)
    {
        if (!rows.Layout.BlockStarts.SequenceEqual(Layout.BlockStarts))
            throw new ArgumentException($"the rows have {rows.Layout.Blocks} blocks of {rows.Layout.Inputs} inputs, the layer {Layout.Blocks} of {Layout.Inputs}", nameof(rows));
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)first + count, rows.Count, nameof(count));
        if (scores.Length < (long)count * Classes)
            throw new ArgumentException($"{count} rows of {Classes} scores do not fit a span of {scores.Length}", nameof(scores));
    }

    private static ArgumentException OutOfRange(int code, int block) => new($"block {block} has code {code}, which its layout does not know");

    /// <summary>Codes decide addresses: they are checked a block and tile at a time.</summary>
    private unsafe void CheckCodes(ushort* codes, int count, int block)
    {
        var greatest = GreatestCode.Of(new ReadOnlySpan<ushort>(codes, count));
        if (greatest >= Layout.BlockSize(block))
            throw OutOfRange(greatest, block);
    }

    private static unsafe void Widen(float* sums, Span<double> scores)
    {
        for (var c = 0; c < scores.Length; c++)
            scores[c] = sums[c];
    }

    /// <summary>Floats to leave free at the start of a pinned array so that the rest starts on a cache line.</summary>
    private static unsafe int AlignmentOf(float[] pinned)
    {
        fixed (float* start = pinned)
            return (int)((nuint)(-(nint)start) % (Lanes * sizeof(float)) / sizeof(float));
    }
}
