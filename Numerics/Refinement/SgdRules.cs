using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ExplicitCluster.Numerics.Refinement;

/// <summary>One step of eight weights: w, their gradient g, and up to two numbers of state a weight. Every lane is on its own.</summary>
internal unsafe interface ISgdRule
{
    void Step(float* w, float* g, float* first, float* second);

    /// <summary>The same for one weight.</summary>
    void StepPlain(ref float w, float g, ref float first, ref float second);
}

/// <summary>w - rate g; g with the penalty's share, as in all rules.</summary>
internal readonly unsafe struct PlainRule(float rate, float decay) : ISgdRule
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Step(float* w, float* g, float* first, float* second)
    {
        var weights = Vector256.LoadAligned(w);
        var gradient = Vector256.FusedMultiplyAdd(Vector256.Create(decay), weights, Vector256.LoadAligned(g));
        Vector256.FusedMultiplyAdd(Vector256.Create(-rate), gradient, weights).StoreAligned(w);
    }

    public void StepPlain(ref float w, float g, ref float first, ref float second) =>
        w = MathF.FusedMultiplyAdd(-rate, MathF.FusedMultiplyAdd(decay, w, g), w);
}

/// <summary>v = momentum v + g, w - rate v.</summary>
internal readonly unsafe struct MomentumRule(float rate, float decay, float momentum) : ISgdRule
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Step(float* w, float* g, float* first, float* second)
    {
        var weights = Vector256.LoadAligned(w);
        var gradient = Vector256.FusedMultiplyAdd(Vector256.Create(decay), weights, Vector256.LoadAligned(g));
        var velocity = Vector256.FusedMultiplyAdd(Vector256.Create(momentum), Vector256.LoadAligned(first), gradient);
        velocity.StoreAligned(first);
        Vector256.FusedMultiplyAdd(Vector256.Create(-rate), velocity, weights).StoreAligned(w);
    }

    public void StepPlain(ref float w, float g, ref float first, ref float second)
    {
        first = MathF.FusedMultiplyAdd(momentum, first, MathF.FusedMultiplyAdd(decay, w, g));
        w = MathF.FusedMultiplyAdd(-rate, first, w);
    }
}

/// <summary>h = h + g^2, w - rate g / (sqrt h + epsilon).</summary>
internal readonly unsafe struct AdagradRule(float rate, float decay, float epsilon) : ISgdRule
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Step(float* w, float* g, float* first, float* second)
    {
        var weights = Vector256.LoadAligned(w);
        var gradient = Vector256.FusedMultiplyAdd(Vector256.Create(decay), weights, Vector256.LoadAligned(g));
        var squares = Vector256.FusedMultiplyAdd(gradient, gradient, Vector256.LoadAligned(first));
        squares.StoreAligned(first);
        var direction = gradient / (Vector256.Sqrt(squares) + Vector256.Create(epsilon));
        Vector256.FusedMultiplyAdd(Vector256.Create(-rate), direction, weights).StoreAligned(w);
    }

    public void StepPlain(ref float w, float g, ref float first, ref float second)
    {
        g = MathF.FusedMultiplyAdd(decay, w, g);
        first = MathF.FusedMultiplyAdd(g, g, first);
        w = MathF.FusedMultiplyAdd(-rate, g / (MathF.Sqrt(first) + epsilon), w);
    }
}

/// <summary>m and v are running means of g and g^2; w - rate m / (sqrt(v squareCorrection) + epsilon), the rate with the correction of m.</summary>
internal readonly unsafe struct AdamRule(float rate, float decay, float epsilon, float squareCorrection) : ISgdRule
{
    private const float Mean = (float)SgdSettings.AdamMean;
    private const float Square = (float)SgdSettings.AdamSquare;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Step(float* w, float* g, float* first, float* second)
    {
        var weights = Vector256.LoadAligned(w);
        var gradient = Vector256.FusedMultiplyAdd(Vector256.Create(decay), weights, Vector256.LoadAligned(g));
        var mean = Vector256.FusedMultiplyAdd(Vector256.Create(Mean), Vector256.LoadAligned(first), Vector256.Create(1 - Mean) * gradient);
        var square = Vector256.FusedMultiplyAdd(Vector256.Create(Square), Vector256.LoadAligned(second), Vector256.Create(1 - Square) * (gradient * gradient));
        mean.StoreAligned(first);
        square.StoreAligned(second);
        var direction = mean / (Vector256.Sqrt(square * squareCorrection) + Vector256.Create(epsilon));
        Vector256.FusedMultiplyAdd(Vector256.Create(-rate), direction, weights).StoreAligned(w);
    }

    public void StepPlain(ref float w, float g, ref float first, ref float second)
    {
        g = MathF.FusedMultiplyAdd(decay, w, g);
        first = MathF.FusedMultiplyAdd(Mean, first, (1 - Mean) * g);
        second = MathF.FusedMultiplyAdd(Square, second, (1 - Square) * (g * g));
        w = MathF.FusedMultiplyAdd(-rate, first / (MathF.Sqrt(second * squareCorrection) + epsilon), w);
    }
}
