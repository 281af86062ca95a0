namespace ExplicitCluster.Numerics.Refinement;

/// <summary>The plain twin of the kernels for dense rows, sparse rows and blocks: scalars, in the order that docs/math.md gives.</summary>
internal sealed unsafe class LocalStepsPlain(SgdRows rows, SgdSettings settings) : LocalSteps(rows, settings, rows.Classes)
{
    private readonly float[] _weights = new float[rows.WeightRows * rows.Classes];
    private readonly float[] _first = new float[rows.WeightRows * rows.Classes];
    private readonly float[] _second = new float[rows.WeightRows * rows.Classes];

    private protected override void Write(int firstRow, ReadOnlySpan<float> weights) => weights.CopyTo(_weights.AsSpan(firstRow * Classes));

    private protected override void Read(int firstRow, Span<float> weights) => _weights.AsSpan(firstRow * Classes, weights.Length).CopyTo(weights);

    private protected override void ClearState()
    {
        Array.Clear(_first);
        Array.Clear(_second);
    }

    private protected override void Score(int count, Span<double> scores)
    {
        for (var m = 0; m < count; m++)
        {
            for (var c = 0; c < Classes; c++)
                scores[m * Classes + c] = Rows is SgdBlockRows blocks ? BlockScore(blocks, m, c) : Bias[c] + (double)BatchScales[m] * (Rows is SgdSparseRows ? SparseDot(m, c) : Dot(m, c));
        }
    }

    private protected override void Apply<TRule>(TRule rule, int count)
    {
        var gradients = new SortedDictionary<int, float[]>();
        for (var m = 0; m < count; m++)
        {
            if (Rows is SgdBlockRows blocks)
            {
                for (var block = 0; block < blocks.Blocks; block++)
                    AddBlock(gradients, WeightRow(blocks, m, block), m);
            }
            else if (Rows is SgdSparseRows)
            {
                foreach (var (input, value) in SgdSparseRows.EntriesOf((byte*)BatchRows[m]))
                    AddValue(gradients, input, value, m);
            }
            else
            {
                for (var j = 0; j < WeightRows; j++)
                    AddValue(gradients, j, Value(m, j), m);
            }
        }
        foreach (var (row, gradient) in gradients)
        {
            for (var c = 0; c < Classes; c++)
                StepOne(rule, row * Classes + c, gradient[c]);
        }
    }

    private float BlockScore(SgdBlockRows blocks, int m, int c)
    {
        var sum = Bias[c];
        for (var block = 0; block < blocks.Blocks; block++)
            sum += _weights[WeightRow(blocks, m, block) * Classes + c];
        return sum;
    }

    private float Dot(int m, int c)
    {
        var lanes = new float[Lanes];
        for (var j = 0; j < WeightRows; j++)
            lanes[j % Lanes] = MathF.FusedMultiplyAdd(Value(m, j), _weights[j * Classes + c], lanes[j % Lanes]);
        return ((lanes[0] + lanes[4]) + (lanes[2] + lanes[6])) + ((lanes[1] + lanes[5]) + (lanes[3] + lanes[7]));
    }

    private float SparseDot(int m, int c)
    {
        var sum = 0f;
        foreach (var (input, value) in SgdSparseRows.EntriesOf((byte*)BatchRows[m]))
            sum = MathF.FusedMultiplyAdd(value, _weights[input * Classes + c], sum);
        return sum;
    }

    private float Value(int m, int j) =>
        ((SgdDenseRows)Rows).IsBytes ? SgdByteValues.LoadOne((byte*)BatchRows[m], j) : SgdFloatValues.LoadOne((byte*)BatchRows[m], j);

    private int WeightRow(SgdBlockRows blocks, int m, int block) => blocks.Starts[block] + ((ushort*)BatchRows[m])[block];

    private void AddBlock(SortedDictionary<int, float[]> gradients, int row, int m)
    {
        var residuals = Residuals.Span.Slice(m * Classes, Classes);
        if (gradients.TryAdd(row, residuals.ToArray()))
            return;
        for (var c = 0; c < Classes; c++)
            gradients[row][c] += residuals[c];
    }

    private void AddValue(SortedDictionary<int, float[]> gradients, int row, float value, int m)
    {
        gradients.TryAdd(row, new float[Classes]);
        for (var c = 0; c < Classes; c++)
            gradients[row][c] = MathF.FusedMultiplyAdd(value, Residuals.Span[m * Classes + c], gradients[row][c]);
    }

    private void StepOne<TRule>(TRule rule, int at, float gradient)
        where TRule : struct, ISgdRule => rule.StepPlain(ref _weights[at], gradient, ref _first[at], ref _second[at]);
}
