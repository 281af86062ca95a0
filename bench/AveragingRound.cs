using ExplicitCluster.Numerics.Refinement;

namespace ExplicitCluster.Bench;

/// <summary>What a round left: averaged parameters, training loss, and the processor time of the steps of all workers.</summary>
internal sealed record AveragingRound(int Round, float[] Bias, float[] Weights, SgdLoss Loss, double Seconds);
