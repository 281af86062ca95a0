namespace ExplicitCluster.Numerics.Refinement;

/// <summary>
/// Local mini-batch steps of one worker on softmax cross-entropy over its rows (docs/math.md 9): one thread, no allocation in an epoch, the
/// same bits on all hardware. Parameters are float32: U (R, C) row-major and the bias (C), as a model stores them.
/// </summary>
/// <remarks>
/// A round: <see cref="SetBias"/> and <see cref="SetWeights"/> with the averaged parameters, <see cref="Run"/>, then <see cref="GetBias"/> and
/// <see cref="GetWeights"/> for the next mean. Momentum and the like start at zero in every round, so that the averaged parameters and the number of the
/// round are all that a checkpoint holds. Not safe for concurrent use.
/// </remarks>
public abstract class LocalSteps
{
    private protected const int Lanes = 8;

    private readonly SgdSoftmax _softmax;
    private readonly int[] _order;
    private readonly int[] _targets; // of the batch's rows, problem by problem
    private readonly SgdBuffer _bias;
    private readonly SgdBuffer _biasGradient;
    private readonly SgdBuffer[] _biasState;
    private readonly double _biasUnit;
    private int _steps;

    private protected LocalSteps(SgdRows rows, SgdSettings settings, int residualStride)
    {
        settings.Check();
        (Rows, Settings, ResidualStride) = (rows, settings, residualStride);
        Classes = rows.Classes;
        _biasUnit = Math.Min(1, rows.Unit);
        _softmax = new SgdSoftmax(settings.Batch * rows.Problems, Classes / rows.Problems);
        _order = new int[rows.Count];
        _targets = new int[settings.Batch * rows.Problems];
        BatchRows = GC.AllocateArray<nint>(settings.Batch, pinned: true);
        BatchScales = new float[settings.Batch];
        Residuals = new SgdBuffer((long)settings.Batch * residualStride);
        var padded = (Classes + Lanes - 1) / Lanes * Lanes;
        (_bias, _biasGradient, _biasState) = (new SgdBuffer(padded), new SgdBuffer(padded), States(padded));
    }

    /// <summary>C.</summary>
    public int Classes { get; }

    /// <summary>R, the rows of U.</summary>
    public int WeightRows => Rows.WeightRows;

    public SgdSettings Settings { get; }

    /// <summary>The rows that steps are taken on.</summary>
    public SgdRows Rows { get; }

    private protected int ResidualStride { get; }

    /// <summary>Addresses of the batch's rows.</summary>
    private protected nint[] BatchRows { get; }

    /// <summary>1 / |x| of the batch's rows.</summary>
    private protected float[] BatchScales { get; }

    /// <summary>(batch, ResidualStride): (p - y) / |x| times the unit, over the number of rows of the batch: a gradient is their sum times x.</summary>
    private protected SgdBuffer Residuals { get; }

    /// <summary>The kernels for these rows, which must be complete, with parameters 0.</summary>
    /// <exception cref="ArgumentException">A setting out of range.</exception>
    public static LocalSteps Of(SgdRows rows, SgdSettings settings) => rows switch
    {
        SgdBlockRows blocks => new LocalStepsBlocks(blocks, settings),
        SgdSparseRows sparse => new LocalStepsSparse(sparse, settings),
        SgdDenseRows { IsBytes: true } dense => new LocalStepsDense<SgdByteValues>(dense, settings),
        SgdDenseRows dense => new LocalStepsDense<SgdFloatValues>(dense, settings),
        _ => throw new ArgumentException($"no kernel for {rows.GetType().Name}", nameof(rows)),
    };

    /// <summary>The plain twin of <see cref="Of"/>: scalars, one operation after the other; equal to it bit for bit.</summary>
    /// <exception cref="ArgumentException">A setting out of range.</exception>
    public static LocalSteps OfPlain(SgdRows rows, SgdSettings settings) => new LocalStepsPlain(rows, settings);

    /// <summary>Bytes that a worker holds for parameters and optimizer beside its rows, for memory plans; what a batch needs is little and left out.</summary>
    public static long BytesFor(long weightRows, int classes, SgdSettings settings) =>
        weightRows * Math.Max(16, (classes + 15L) / 16 * 16) * sizeof(float) * (2 + StatesOf(settings));

    /// <exception cref="ArgumentException">Not C numbers.</exception>
    public void SetBias(ReadOnlySpan<float> bias)
    {
        Require(bias.Length, Classes);
        bias.CopyTo(_bias.Span);
    }

    /// <exception cref="ArgumentException">Not C numbers.</exception>
    public void GetBias(Span<float> bias)
    {
        Require(bias.Length, Classes);
        Bias.CopyTo(bias);
    }

    /// <summary>Sets some rows of U from row <paramref name="firstRow"/> on: (n, C), row-major.</summary>
    /// <exception cref="ArgumentException">Not whole rows, or rows that do not exist.</exception>
    public void SetWeights(int firstRow, ReadOnlySpan<float> weights)
    {
        RequireRows(firstRow, weights.Length);
        Write(firstRow, weights);
    }

    /// <summary>Copies some rows of U from row <paramref name="firstRow"/> on: (n, C), row-major.</summary>
    /// <exception cref="ArgumentException">Not whole rows, or rows that do not exist.</exception>
    public void GetWeights(int firstRow, Span<float> weights)
    {
        RequireRows(firstRow, weights.Length);
        Read(firstRow, weights);
    }

    /// <summary>One round: the settings' local epochs from the parameters that are set, in orders drawn from seed, worker and epoch.</summary>
    /// <returns>The training loss of the last epoch of the round. Without rows: of none.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The settings have no such round.</exception>
    /// <exception cref="OperationCanceledException">Cancelled between two steps; the parameters are then somewhere in the round.</exception>
    public SgdLoss Run(int worker, int round, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(round);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(round, Settings.Rounds);
        _steps = 0;
        foreach (var state in _biasState)
            state.Span.Clear();
        ClearState();
        var loss = new SgdLoss(0, 0, Diverged: false);
        for (var epoch = 0; epoch < Settings.LocalEpochs && !loss.Diverged; epoch++)
            loss = Epoch(worker, round * Settings.LocalEpochs + epoch, cancellation);
        return loss;
    }

    /// <summary>The loss of all rows under the parameters that are set; nothing moves.</summary>
    /// <exception cref="OperationCanceledException">Cancelled between two batches.</exception>
    public SgdLoss Measure(CancellationToken cancellation = default)
    {
        Int128 loss = 0;
        for (var i = 0; i < _order.Length; i++)
            _order[i] = i;
        for (var first = 0; first < _order.Length; first += Settings.Batch)
        {
            cancellation.ThrowIfCancellationRequested();
            var count = Math.Min(Settings.Batch, _order.Length - first);
            Take(_order.AsSpan(first, count));
            Score(count, _softmax.Rows);
            if (!_softmax.Residuals(_targets.AsSpan(0, count * Rows.Problems), ref loss))
                return new SgdLoss(first, loss, Diverged: true);
        }
        return new SgdLoss(_order.Length, loss, Diverged: false);
    }

    private protected ReadOnlySpan<float> Bias => _bias.Span[..Classes];

    private protected SgdBuffer[] States(long length)
    {
        var states = new SgdBuffer[StatesOf(Settings)];
        for (var i = 0; i < states.Length; i++)
            states[i] = new SgdBuffer(length);
        return states;
    }

    private protected abstract void Read(int firstRow, Span<float> weights);

    private protected abstract void Write(int firstRow, ReadOnlySpan<float> weights);

    private protected abstract void ClearState();

    /// <summary>Writes the scores of the batch, (count, C).</summary>
    private protected abstract void Score(int count, Span<double> scores);

    /// <summary>Takes a step of U along the gradient that the residuals of the batch make.</summary>
    private protected abstract void Apply<TRule>(TRule rule, int count)
        where TRule : struct, ISgdRule;

    private SgdLoss Epoch(int worker, int epoch, CancellationToken cancellation)
    {
        SgdOrder.Fill(_order, Settings.Seed, worker, epoch);
        Int128 loss = 0;
        for (var first = 0; first < _order.Length; first += Settings.Batch)
        {
            cancellation.ThrowIfCancellationRequested();
            var count = Math.Min(Settings.Batch, _order.Length - first);
            Take(_order.AsSpan(first, count));
            Score(count, _softmax.Rows);
            if (!_softmax.Residuals(_targets.AsSpan(0, count * Rows.Problems), ref loss))
                return new SgdLoss(first, loss, Diverged: true);
            FillResiduals(count);
            Step(Settings.RateAt((epoch + (double)first / _order.Length) / Settings.Epochs), count);
        }
        return new SgdLoss(_order.Length, loss, Diverged: false);
    }

    private unsafe void Take(ReadOnlySpan<int> batch)
    {
        for (var i = 0; i < batch.Length; i++)
        {
            BatchRows[i] = (nint)Rows.Pointer(batch[i]);
            for (var problem = 0; problem < Rows.Problems; problem++)
                _targets[i * Rows.Problems + problem] = Rows.TargetOf(Rows.Labels[batch[i]], problem);
            BatchScales[i] = Rows.Scales[batch[i]];
        }
    }

    private void FillResiduals(int count)
    {
        var from = _softmax.Rows;
        for (var m = 0; m < count; m++)
        {
            var factor = BatchScales[m] * Rows.Unit / count;
            var to = Residuals.Span.Slice(m * ResidualStride, Classes);
            for (var c = 0; c < to.Length; c++)
                to[c] = (float)(from[m * Classes + c] * factor);
        }
        for (var c = 0; c < Classes; c++)
        {
            var sum = 0.0;
            for (var m = 0; m < count; m++)
                sum += from[m * Classes + c];
            _biasGradient.Span[c] = (float)(sum * _biasUnit / count);
        }
    }

    private void Step(double rate, int count)
    {
        _steps++;
        var (weights, bias, decay) = ((float)(rate * Rows.Unit), (float)(rate * _biasUnit), (float)(Settings.L2 / Rows.Unit));
        const float Epsilon = (float)SgdSettings.Epsilon;
        switch (Settings.Optimizer)
        {
            case SgdOptimizer.Sgd when Settings.Momentum == 0:
                Step(new PlainRule(weights, decay), new PlainRule(bias, 0), count);
                break;
            case SgdOptimizer.Sgd:
                var momentum = (float)Settings.Momentum;
                Step(new MomentumRule(weights, decay, momentum), new MomentumRule(bias, 0, momentum), count);
                break;
            case SgdOptimizer.Adagrad:
                Step(new AdagradRule(weights, decay, Epsilon), new AdagradRule(bias, 0, Epsilon), count);
                break;
            default:
                var mean = (float)(1 / (1 - Power(SgdSettings.AdamMean, _steps)));
                var square = (float)(1 / (1 - Power(SgdSettings.AdamSquare, _steps)));
                Step(new AdamRule(weights * mean, decay, Epsilon, square), new AdamRule(bias * mean, 0, Epsilon, square), count);
                break;
        }
    }

    private unsafe void Step<TRule>(TRule weights, TRule bias, int count)
        where TRule : struct, ISgdRule
    {
        Apply(weights, count);
        for (nint c = 0; c < _bias.Length; c += Lanes)
            bias.Step(_bias.Start + c, _biasGradient.Start + c, StartOf(_biasState, 0) + c, StartOf(_biasState, 1) + c);
    }

    /// <summary>Where a rule's state begins; null, which a rule does not read, where it has none.</summary>
    private protected static unsafe float* StartOf(SgdBuffer[] states, int index) => index < states.Length ? states[index].Start : null;

    private static int StatesOf(SgdSettings settings) => settings.Optimizer switch
    {
        SgdOptimizer.Sgd => settings.Momentum == 0 ? 0 : 1,
        SgdOptimizer.Adagrad => 1,
        _ => 2,
    };

    /// <summary>By multiplication: the library's power is not the same on all machines.</summary>
    private static double Power(double x, int exponent)
    {
        var power = 1.0;
        for (; exponent > 0; exponent >>= 1, x *= x)
            power *= (exponent & 1) == 1 ? x : 1;
        return power;
    }

    private void RequireRows(int firstRow, int length)
    {
        if (length % Classes != 0 || firstRow < 0 || firstRow + (long)(length / Classes) > WeightRows)
            throw new ArgumentException($"{length} weights from row {firstRow} on do not fit {WeightRows} rows of {Classes} classes");
    }

    private static void Require(int length, int expected)
    {
        if (length != expected)
            throw new ArgumentException($"a bias of {length} numbers, expected {expected}");
    }
}
