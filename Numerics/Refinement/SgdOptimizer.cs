namespace ExplicitCluster.Numerics.Refinement;

/// <summary>How a gradient becomes a step (docs/math.md 9).</summary>
public enum SgdOptimizer
{
    /// <summary>Gradient descent, with momentum where that is above 0.</summary>
    Sgd,

    /// <summary>Every weight's step is divided by the root of the sum of its squared gradients.</summary>
    Adagrad,

    /// <summary>Running means of gradients and of their squares, bias corrected.</summary>
    Adam,
}
