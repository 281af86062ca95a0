namespace ExplicitCluster.Numerics.Refinement;

/// <summary>How the learning rate falls over all rounds.</summary>
public enum SgdSchedule
{
    /// <summary>Half a period of the cosine, from 1 to 0.</summary>
    Cosine,

    /// <summary>In a straight line from 1 to 0.</summary>
    Linear,

    /// <summary>Not at all.</summary>
    Constant,
}
