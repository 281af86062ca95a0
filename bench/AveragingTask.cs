using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Metrics;
using ExplicitCluster.Numerics.Refinement;
using ExplicitCluster.Numerics.Scoring;
using ExplicitCluster.Numerics.Solution;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Bench;

/// <summary>Rows to refine on, rows to measure, and the centred explicit solution of the former: what a job has when its refinement starts.</summary>
internal sealed class AveragingTask
{
    private const int ChunkRows = 8192;

    private readonly List<(DenseRows? Dense, BlockRows? Blocks, int[] Labels)> _train;
    private readonly List<(DenseRows? Dense, BlockRows? Blocks, int[] Labels)> _test;
    private readonly int[] _rowOfInput;

    public AveragingTask(IReadOnlyList<FeatureMap> maps, SolveSettings solve, BenchData train, BenchData test, bool compact = false)
    {
        var encoder = new RowEncoder(maps, RowShape.Image(28, 28));
        Layout = encoder.Layout;
        (_train, _test) = (Encode(encoder, train), Encode(encoder, test));
        if (compact)
            Compact();
        using var sum = new StatisticsSum(Layout.Inputs, BenchData.Classes);
        foreach (var (dense, blocks, labels) in _train)
            sum.Add(dense is null ? BlockStatistics.Accumulate(blocks!, labels, BenchData.Classes) : DenseStatistics.Accumulate(dense, labels, BenchData.Classes));
        var statistics = sum.Total();
        var solution = new ExplicitSolution(Layout, new ClassTotals(statistics.ClassRows, statistics.ClassMass), solve);
        Bias = solution.Bias();
        (_rowOfInput, Weights) = WeightsOf(solution, statistics.Counts);
        Averaging.Centre(Bias, BenchData.Classes);
        Averaging.Centre(Weights, BenchData.Classes);
    }

    public RowLayout Layout { get; private set; }

    public float[] Bias { get; }

    /// <summary>(R, C).</summary>
    public float[] Weights { get; }

    /// <summary>The rows of each worker.</summary>
    public SgdRows[] Deal(int workers)
    {
        var all = new SgdRows[workers];
        for (var worker = 0; worker < workers; worker++)
        {
            all[worker] = Layout.Kind == EncodingKind.Dense
                ? new SgdDenseRows(Layout.Inputs, isBytes: true, BenchData.Classes)
                : new SgdBlockRows(Layout, _rowOfInput, Weights.Length / BenchData.Classes, BenchData.Classes);
            foreach (var (first, count) in SgdDeal.RangesOf(_train.Sum(chunk => (long)chunk.Labels.Length), workers, worker))
            {
                var (dense, blocks, labels) = _train[(int)(first / ChunkRows)];
                var at = (int)(first % ChunkRows);
                if (dense is null)
                    ((SgdBlockRows)all[worker]).Append(blocks!, at, labels.AsSpan(at, count));
                else
                    ((SgdDenseRows)all[worker]).Append(dense, at, labels.AsSpan(at, count));
            }
        }
        return all;
    }

    /// <summary>Parameters on the rows to measure.</summary>
    public Evaluation Evaluate(float[] bias, float[] weights)
    {
        var evaluation = new Evaluation(BenchData.Classes);
        var scores = new double[ChunkRows * BenchData.Classes];
        var denseLayer = Layout.Kind == EncodingKind.Dense ? new DenseLayer(Layout.Inputs, BenchData.Classes, bias, weights) : null;
        var blockLayer = Layout.Kind == EncodingKind.Blocks ? new BlockLayer(Layout, BenchData.Classes, bias, _rowOfInput, weights) : null;
        foreach (var (dense, blocks, labels) in _test)
        {
            denseLayer?.Score(dense!, 0, labels.Length, scores);
            blockLayer?.Score(blocks!, 0, labels.Length, scores);
            evaluation.Add(scores.AsSpan(0, labels.Length * BenchData.Classes), labels);
        }
        return evaluation;
    }

    /// <summary>As a model's tensors are: the inputs seen in a block, ascending, then one row for all others.</summary>
    private (int[] RowOfInput, float[] Weights) WeightsOf(ExplicitSolution solution, CountTable counts)
    {
        var seen = solution.Solve(counts);
        var rowOfInput = new int[Layout.Inputs];
        var weights = new List<float>();
        var next = 0;
        for (var block = 0; block < Math.Max(1, Layout.Blocks); block++)
        {
            var (start, end) = Layout.Blocks == 0 ? (0, Layout.Inputs) : (Layout.BlockStart(block), Layout.BlockStart(block + 1));
            var first = weights.Count / BenchData.Classes;
            var at = next;
            while (next < counts.Seen.Length && counts.Seen[next] < end)
                next++;
            weights.AddRange(seen.AsSpan(at * BenchData.Classes, (next - at) * BenchData.Classes));
            weights.AddRange(solution.Unseen(block));
            rowOfInput.AsSpan(start, end - start).Fill(first + next - at);
            for (var i = at; i < next; i++)
                rowOfInput[counts.Seen[i]] = first + i - at;
        }
        if (Layout.Blocks > 0)
            return (rowOfInput, [.. weights]);
        var dense = new float[Layout.Inputs * BenchData.Classes];
        for (var j = 0; j < Layout.Inputs; j++)
            weights.CopyTo(rowOfInput[j] * BenchData.Classes, dense, j * BenchData.Classes, BenchData.Classes);
        return ([], dense);
    }

    private static List<(DenseRows? Dense, BlockRows? Blocks, int[] Labels)> Encode(RowEncoder encoder, BenchData data)
    {
        var chunks = new List<(DenseRows?, BlockRows?, int[])>();
        for (var first = 0; first < data.Labels.Length; first += ChunkRows)
        {
            var count = Math.Min(ChunkRows, data.Labels.Length - first);
            var raw = new RawRows(encoder.Shape, count, data.Images.AsMemory(first * BenchData.Columns, count * BenchData.Columns));
            var labels = data.Labels.AsSpan(first, count).ToArray();
            chunks.Add(encoder.Layout.Kind == EncodingKind.Dense ? (encoder.EncodeDense(raw), null, labels) : (null, encoder.EncodeBlocks(raw), labels));
        }
        return chunks;
    }

    /// <summary>Codes seen once or never become code 0 of their block, the others 1, 2, ...; a block with fewer than two of these is dropped.</summary>
    private void Compact()
    {
        var numbers = new ushort[Layout.Inputs];
        var blocks = new List<int>();
        var sizes = new List<(string, int, int)>();
        for (var block = 0; block < Layout.Blocks; block++)
        {
            var counts = new int[Layout.BlockSize(block)];
            foreach (var (_, rows, _) in _train)
            {
                foreach (var code in rows!.Block(block))
                    counts[code]++;
            }
            ushort kept = 0;
            for (var code = 0; code < counts.Length; code++)
                numbers[Layout.BlockStart(block) + code] = counts[code] < 2 ? (ushort)0 : ++kept;
            if (kept < 2)
                continue;
            blocks.Add(block);
            sizes.Add(("compact", 1, kept + 1));
        }
        var layout = RowLayout.OfBlocks(sizes);
        foreach (var part in (List<(DenseRows?, BlockRows?, int[])>[])[_train, _test])
        {
            for (var i = 0; i < part.Count; i++)
                part[i] = (null, Renumbered(part[i].Item2!, layout, blocks, numbers), part[i].Item3);
        }
        Layout = layout;
    }

    private static BlockRows Renumbered(BlockRows rows, RowLayout layout, List<int> blocks, ushort[] numbers)
    {
        var compact = new BlockRows(layout, rows.Count);
        for (var block = 0; block < blocks.Count; block++)
        {
            var numberOf = numbers.AsSpan(rows.Layout.BlockStart(blocks[block]));
            var from = rows.Block(blocks[block]);
            var to = compact.Block(block);
            for (var row = 0; row < from.Length; row++)
                to[row] = numberOf[from[row]];
        }
        return compact;
    }
}
