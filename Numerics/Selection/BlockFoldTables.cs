using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Numerics.Selection;

/// <summary>Counts of blocks over all rows and over the rows outside each fold, side by side: the cells of an input have the same place in each.</summary>
public sealed class BlockFoldTables
{
    private readonly int _classes;
    private readonly List<int[]>[] _parts;
    private int _rows;

    /// <param name="layout">Layout of the rows.</param>
    /// <param name="classes">C.</param>
    /// <param name="folds">Number of folds.</param>
    public BlockFoldTables(RowLayout layout, int classes, int folds)
    {
        (Layout, _classes) = (layout, classes);
        _parts = [.. Enumerable.Range(0, folds + 1).Select(_ => new List<int[]>())];
        RowOfInput = new int[layout.Inputs];
        Array.Fill(RowOfInput, -1);
        Tables = new int[folds + 1][];
    }

    public RowLayout Layout { get; }

    internal int Classes => _classes;

    /// <summary>The row of every input; one that no row of data had has the last, of zeros.</summary>
    internal int[] RowOfInput { get; }

    /// <summary>(rows, C), row-major: of all rows, then without fold 0, without fold 1 and so on.</summary>
    internal int[][] Tables { get; }

    /// <summary>Adds the next tile of F.</summary>
    /// <param name="whole">Over all rows.</param>
    /// <param name="folds">Over each fold's rows: they add up to the whole.</param>
    /// <exception cref="OverflowException">A count of 2^31 or more.</exception>
    public void Add(CountTable whole, IReadOnlyList<CountTable> folds)
    {
        for (var i = 0; i < whole.Seen.Length; i++)
            RowOfInput[whole.Seen[i]] = _rows + i;
        var counts = Array.ConvertAll(whole.Counts, count => checked((int)count));
        _parts[0].Add(counts);
        for (var fold = 0; fold < folds.Count; fold++)
        {
            var without = counts.AsSpan().ToArray();
            var part = folds[fold];
            for (var i = 0; i < part.Seen.Length; i++)
            {
                var cells = without.AsSpan((RowOfInput[part.Seen[i]] - _rows) * _classes, _classes);
                var taken = part.Row(i);
                for (var c = 0; c < cells.Length; c++)
                    cells[c] -= (int)taken[c];
            }
            _parts[1 + fold].Add(without);
        }
        _rows += whole.Seen.Length;
    }

    /// <summary>Joins the tiles, table by table, so that only one is there twice at a time.</summary>
    public BlockFoldTables Complete()
    {
        foreach (ref var row in RowOfInput.AsSpan())
            row = row < 0 ? _rows : row;
        for (var table = 0; table < Tables.Length; table++)
        {
            Tables[table] = new int[checked((_rows + 1) * _classes)];
            var at = 0;
            foreach (var part in _parts[table])
            {
                part.CopyTo(Tables[table], at);
                at += part.Length;
            }
            _parts[table].Clear();
        }
        return this;
    }
}
