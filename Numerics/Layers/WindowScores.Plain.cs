using ExplicitCluster.Numerics.Encodings;

namespace ExplicitCluster.Numerics.Layers;

/// <content>The plain twin of <see cref="Score(BlockRows, ReadOnlySpan{int}, int, int, Span{long})"/>.</content>
public sealed partial class WindowScores
{
    /// <summary>What <see cref="Score(BlockRows, ReadOnlySpan{int}, int, int, Span{long})"/> does, window by window and block by block; equal to it.</summary>
    public void ScorePlain(BlockRows rows, ReadOnlySpan<int> own, int first, int count, Span<long> scores)
    {
        for (var m = 0; m < count; m++)
        {
            for (var window = 0; window < Windows; window++)
            {
                var sums = scores.Slice((m * Windows + window) * Columns, Columns);
                sums.Clear();
                foreach (var block in _grid.PlacesOf(_layout.Blocks, window))
                {
                    var row = _rowOfInput[_layout.BlockStart(block) + rows.Block(block)[first + m]];
                    for (var c = 0; c < Columns; c++)
                        sums[c] += _logs[row * _stride + c] + (!own.IsEmpty && c == Targets.ColumnOf(own[m], c / Targets.Choices) ? _without[row * Columns + c] : 0);
                }
            }
        }
    }
}
