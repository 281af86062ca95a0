using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ExplicitCluster.Numerics.Refinement;

/// <summary>
/// Steps on dense rows. U lies transposed, (C, D), so that vectors run over inputs and no lane is wasted on classes. Five classes at a time: with two
/// rows in a score, or two vectors of inputs in a gradient, their ten sums stay in registers.
/// </summary>
/// <remarks>
/// A score is the bias plus 1 / |x| times the sum over eight lanes (input j in lane j mod 8, fused multiply-adds, then a fixed tree). A gradient is a sum over the
/// batch's rows in order, by fused multiply-adds. Vectors have eight lanes on all hardware.
/// </remarks>
internal sealed unsafe class LocalStepsDense<TValues> : LocalSteps
    where TValues : struct, ISgdValues
{
    private const int Group = 5;

    private readonly int _inputs;
    private readonly int _stride;
    private readonly int _paddedClasses;
    private readonly SgdBuffer _weights;
    private readonly SgdBuffer _gradient;
    private readonly SgdBuffer[] _state;
    private readonly SgdBuffer _dots;

    public LocalStepsDense(SgdDenseRows rows, SgdSettings settings)
        : base(rows, settings, PaddedClasses(rows.Classes))
    {
        _inputs = rows.Inputs;
        _stride = SgdDenseRows.Padded(rows.Inputs);
        _paddedClasses = PaddedClasses(rows.Classes);
        var length = (long)_stride * _paddedClasses;
        (_weights, _gradient, _state) = (new SgdBuffer(length), new SgdBuffer(length), States(length));
        // One row more: the last of an odd number is scored beside itself.
        _dots = new SgdBuffer((settings.Batch + 1L) * _paddedClasses);
    }

    private protected override void Write(int firstRow, ReadOnlySpan<float> weights)
    {
        for (var i = 0; i < weights.Length; i++)
            _weights.Start[(nint)(i % Classes) * _stride + firstRow + i / Classes] = weights[i];
    }

    private protected override void Read(int firstRow, Span<float> weights)
    {
        for (var i = 0; i < weights.Length; i++)
            weights[i] = _weights.Start[(nint)(i % Classes) * _stride + firstRow + i / Classes];
    }

    private protected override void ClearState()
    {
        foreach (var state in _state)
            state.Span.Clear();
    }

    private protected override void Score(int count, Span<double> scores)
    {
        for (var c = 0; c < _paddedClasses; c += Group)
        {
            var weights = _weights.Start + (nint)c * _stride;
            for (var m = 0; m < count; m += 2)
            {
                var next = (byte*)BatchRows[Math.Min(m + 1, count - 1)];
                var dots = _dots.Start + (nint)m * _paddedClasses + c;
                ScoreTwo((byte*)BatchRows[m], next, weights, _stride, dots, dots + _paddedClasses);
            }
        }
        var bias = Bias;
        for (var m = 0; m < count; m++)
        {
            double scale = BatchScales[m];
            for (var c = 0; c < Classes; c++)
                scores[m * Classes + c] = bias[c] + scale * _dots.Start[m * _paddedClasses + c];
        }
    }

    private protected override void Apply<TRule>(TRule rule, int count)
    {
        fixed (nint* rows = BatchRows)
        {
            for (var c = 0; c < _paddedClasses; c += Group)
            {
                for (nint j = 0; j < _stride; j += 2 * Lanes)
                    Gradient(rows, count, j, Residuals.Start + c, ResidualStride, _gradient.Start + c * (nint)_stride + j, _stride);
            }
        }
        var first = StartOf(_state, 0);
        var second = StartOf(_state, 1);
        for (nint i = 0; i < _weights.Length; i += Lanes)
            rule.Step(_weights.Start + i, _gradient.Start + i, first + i, second + i);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ScoreTwo(byte* x, byte* y, float* weights, nint stride, float* dotsX, float* dotsY)
    {
        Vector256<float> x0 = default, x1 = default, x2 = default, x3 = default, x4 = default;
        Vector256<float> y0 = default, y1 = default, y2 = default, y3 = default, y4 = default;
        var w1 = weights + stride;
        var w2 = weights + 2 * stride;
        var w3 = weights + 3 * stride;
        var w4 = weights + 4 * stride;
        for (nint j = 0; j < stride; j += Lanes)
        {
            var a = TValues.Load(x, j);
            var b = TValues.Load(y, j);
            var w = Vector256.LoadAligned(weights + j);
            x0 = Vector256.FusedMultiplyAdd(a, w, x0);
            y0 = Vector256.FusedMultiplyAdd(b, w, y0);
            w = Vector256.LoadAligned(w1 + j);
            x1 = Vector256.FusedMultiplyAdd(a, w, x1);
            y1 = Vector256.FusedMultiplyAdd(b, w, y1);
            w = Vector256.LoadAligned(w2 + j);
            x2 = Vector256.FusedMultiplyAdd(a, w, x2);
            y2 = Vector256.FusedMultiplyAdd(b, w, y2);
            w = Vector256.LoadAligned(w3 + j);
            x3 = Vector256.FusedMultiplyAdd(a, w, x3);
            y3 = Vector256.FusedMultiplyAdd(b, w, y3);
            w = Vector256.LoadAligned(w4 + j);
            x4 = Vector256.FusedMultiplyAdd(a, w, x4);
            y4 = Vector256.FusedMultiplyAdd(b, w, y4);
        }
        (dotsX[0], dotsX[1], dotsX[2], dotsX[3], dotsX[4]) = (Sum(x0), Sum(x1), Sum(x2), Sum(x3), Sum(x4));
        (dotsY[0], dotsY[1], dotsY[2], dotsY[3], dotsY[4]) = (Sum(y0), Sum(y1), Sum(y2), Sum(y3), Sum(y4));
    }

    /// <summary>Sixteen inputs from j on, five classes.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Gradient(nint* rows, nint count, nint j, float* residuals, nint residualStride, float* gradient, nint stride)
    {
        Vector256<float> a0 = default, a1 = default, a2 = default, a3 = default, a4 = default;
        Vector256<float> b0 = default, b1 = default, b2 = default, b3 = default, b4 = default;
        for (nint m = 0; m < count; m++)
        {
            var x = TValues.Load((byte*)rows[m], j);
            var y = TValues.Load((byte*)rows[m], j + Lanes);
            var r = Vector256.Create(residuals[0]);
            a0 = Vector256.FusedMultiplyAdd(x, r, a0);
            b0 = Vector256.FusedMultiplyAdd(y, r, b0);
            r = Vector256.Create(residuals[1]);
            a1 = Vector256.FusedMultiplyAdd(x, r, a1);
            b1 = Vector256.FusedMultiplyAdd(y, r, b1);
            r = Vector256.Create(residuals[2]);
            a2 = Vector256.FusedMultiplyAdd(x, r, a2);
            b2 = Vector256.FusedMultiplyAdd(y, r, b2);
            r = Vector256.Create(residuals[3]);
            a3 = Vector256.FusedMultiplyAdd(x, r, a3);
            b3 = Vector256.FusedMultiplyAdd(y, r, b3);
            r = Vector256.Create(residuals[4]);
            a4 = Vector256.FusedMultiplyAdd(x, r, a4);
            b4 = Vector256.FusedMultiplyAdd(y, r, b4);
            residuals += residualStride;
        }
        Store(a0, b0, gradient);
        Store(a1, b1, gradient + stride);
        Store(a2, b2, gradient + 2 * stride);
        Store(a3, b3, gradient + 3 * stride);
        Store(a4, b4, gradient + 4 * stride);
    }

    private static void Store(Vector256<float> low, Vector256<float> high, float* to)
    {
        low.StoreAligned(to);
        high.StoreAligned(to + Lanes);
    }

    /// <summary>((0 + 4) + (2 + 6)) + ((1 + 5) + (3 + 7)).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Sum(Vector256<float> lanes)
    {
        var four = lanes.GetLower() + lanes.GetUpper();
        var two = four + Vector128.Shuffle(four, Vector128.Create(2, 3, 0, 1));
        return two[0] + two[1];
    }

    private static int PaddedClasses(int classes) => checked((classes + Group - 1) / Group * Group);
}
